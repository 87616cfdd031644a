//! What people write: short invented sentences in the voice of case records, and what each kind of event means for a child.
//!
//! `{name}` stands for the child's first name. No sentence is about anybody who lives.

/// How views were gathered.
pub(super) const GATHERED: [&str; 4] = [
    "Talked alone on a walk",
    "Drawing and the three houses exercise",
    "Conversation in the car",
    "With the advocate",
];
/// Things that plans set out to do.
pub(super) const ACTIONS: [(&str, &str, &str); 8] = [
    (
        "Arrange weekly family time at the centre, supervised until the next review",
        "Settled family time",
        "Visits kept each week",
    ),
    ("Complete six sessions of direct work on keeping safe", "Knows who to tell", "Names three safe adults"),
    ("Register with the dentist and attend a first check", "Healthy teeth", "Check-up recorded"),
    (
        "Apply for a place at the Saturday swimming lessons",
        "New friends and confidence",
        "Attends eight of ten",
    ),
    (
        "Complete the viability assessment of the aunt",
        "A family option is tested",
        "Report read by the manager",
    ),
    ("Refer for talking therapy and share the waiting time", "Sleeps better", "Score falls by five points"),
    ("Help to open a savings account and put in birthday money", "Begins to manage money", "Account open"),
    (
        "Ask the school to hold a weekly check-in with the mentor",
        "Arrives on time",
        "Attendance over 95 per cent",
    ),
];
/// How cases stand, for whoever opens the file in a hurry.
pub(super) const SUMMARIES: [&str; 5] = [
    "{name} is settled and at school each day. The plan is on course; family time and sleep are what to watch.",
    "Two moves of school and one of home are behind {name}. The next meeting decides what lasts; the aunt is in touch.",
    "{name} has one steady adult and one who comes and goes. Mornings are better; money and the flat are not.",
    "The first worry about {name} has lessened since the partner left. Health checks are up to date.",
    "{name} asks good questions about the past. Answers are due from the court and from the school.",
];
/// What people make of a pattern over time.
pub(super) const ANALYSES: [&str; 4] = [
    "Worry has come in clusters after changes at home; each time school and the wider family steadied things. The risk is drift.",
    "Early help was tried twice before and faded when the adults felt better. What has lasted is the bond with the grandmother.",
    "Incidents fell once routines were agreed. The strongest protective factor is the child's own readiness to speak up.",
    "The history shows missed health appointments before each crisis; steady attendance is now the sign to watch.",
];

/// What an entry says of an event: what happened, what it meant for the child, what was done, and who told us.
pub(super) type Told = [&'static str; 4];

/// Each kind of event with what is told of it; the last stands for every other kind.
const EVENTS: &[(&[&str], Told)] = &[
    (
        &["contact_referral"],
        [
            "School telephoned after {name} said there had been shouting all night and nobody had made breakfast.",
            "{name} was tired and hungry and worried about going home.",
            "Referral accepted; manager decided on the next step the same day.",
            "education",
        ],
    ),
    (
        &["assessment"],
        [
            "Child and family assessment finished and shared with both parents at home.",
            "{name} was able to say what should change and what should stay.",
            "Plan recommended by the social worker and agreed by the manager.",
            "social_care",
        ],
    ),
    (
        &["strategy_discussion"],
        [
            "Strategy discussion by police, health, school and social care after a mark was seen on an arm.",
            "Concern that {name} might be hurt again before help was in place.",
            "Joint enquiry agreed and the health check arranged for the next morning.",
            "police",
        ],
    ),
    (
        &["s47_enquiry"],
        [
            "Enquiry under section 47 began with a joint visit; {name} was seen alone at school.",
            "{name} gave a clear account and felt relieved to have told somebody.",
            "Concerns substantiated; conference called.",
            "social_care",
        ],
    ),
    (
        &["cp_conference"],
        [
            "Child protection conference met; both parents came with an advocate.",
            "{name} had a letter read out and was told the outcome that evening.",
            "Members agreed that a plan was needed and set the core group.",
            "social_care",
        ],
    ),
    (
        &["cp_plan_start"],
        [
            "Child protection plan began with the category recorded by the chair.",
            "More adults now watch over {name} and share what they see.",
            "Core group named and first visit booked.",
            "social_care",
        ],
    ),
    (
        &["cp_plan_end", "cin_plan_end"],
        [
            "The plan for {name} ended at a meeting that looked at each of its aims.",
            "{name} heard what was done and what stays in place.",
            "Everybody told in writing; what goes on has a name beside it.",
            "social_care",
        ],
    ),
    (
        &["cin_plan_start"],
        [
            "Child in need plan agreed with the family at the first meeting.",
            "{name} gets help with mornings and a mentor at school.",
            "Parenting sessions begin next week at the family centre.",
            "social_care",
        ],
    ),
    (
        &["becomes_looked_after"],
        [
            "{name} came into the care of the county and moved to foster carers with two bags and a bear.",
            "{name} was tearful at first but ate supper and slept.",
            "Carers given the placement plan; review and health check booked.",
            "social_care",
        ],
    ),
    (
        &["placement_change"],
        [
            "{name} moved to a planned new placement after two introductory visits.",
            "Sad to leave the first carers; keeps in touch by telephone on Fridays.",
            "Placement plan signed and school told of the new address.",
            "social_care",
        ],
    ),
    (
        &["placement_start"],
        [
            "{name} went to the link carers for a short break of two nights.",
            "{name} took the tablet and the favourite cup and waved at the door.",
            "Break kept as planned; the carers have the care notes.",
            "social_care",
        ],
    ),
    (
        &["return_home"],
        [
            "{name} came home from the short break with a bag of shells.",
            "{name} slept well and asked when the next break is.",
            "Parents rested; next break confirmed.",
            "social_care",
        ],
    ),
    (
        &["placement_end"],
        [
            "Care ended and {name} moved on as the plan had set out.",
            "{name} was excited and a little anxious about the change.",
            "Support at home agreed for three months with a named worker.",
            "social_care",
        ],
    ),
    (
        &["legal_order"],
        [
            "The court made a care order after a contested hearing of two days.",
            "{name} now knows that the county shares responsibility and will not move suddenly.",
            "Care plan amended and sent to everyone who holds responsibility.",
            "cafcass",
        ],
    ),
    (
        &["court_hearing"],
        [
            "Legal planning meeting looked at the last two years and the steps left before court.",
            "Waiting has been hard for {name}, who asked when it would be settled.",
            "Letter to the parents and a viability assessment agreed.",
            "social_care",
        ],
    ),
    (
        &["permanence_decision"],
        [
            "Permanence plan agreed at the planning meeting and taken to the review.",
            "{name} can be told where home will be and who will look after them.",
            "Actions given owners and dates; head of service added the case to the tracker.",
            "social_care",
        ],
    ),
    (
        &["school_change"],
        [
            "{name} started at a new school after two taster days with the mentor.",
            "Nervous about lunch times; has already made one friend.",
            "Education plan brought forward and transport arranged.",
            "education",
        ],
    ),
    (
        &["achievement_positive"],
        [
            "{name} was given the head teacher's award for kindness and perseverance.",
            "Very proud; asked for the certificate to be framed.",
            "Carer, social worker and parent each wrote to say well done.",
            "education",
        ],
    ),
    (
        &["health_event"],
        [
            "Health check showed {name} growing well; glasses prescribed for reading.",
            "Headaches should ease and reading become easier.",
            "Glasses ordered; optician to see {name} again in a year.",
            "health",
        ],
    ),
    (
        &["family_time_change"],
        [
            "Family time moved from the centre to the grandmother's home after a good assessment.",
            "{name} enjoys the garden and being with cousins again.",
            "New terms written down and shared with the carers.",
            "social_care",
        ],
    ),
    (
        &["domestic_abuse"],
        [
            "Sometime in the last days of the month police were called to an argument in which a door was broken; {name} was upstairs.",
            "{name} hid in a wardrobe and could not sleep for several nights.",
            "Bail conditions keep the partner away; safety work started with {name}.",
            "police",
        ],
    ),
    (
        &["case_closure"],
        [
            "Case closed after the closing visit, with early help to stay in touch.",
            "{name} knows who to ring and keeps the worker's card.",
            "Family, school and health told in writing.",
            "social_care",
        ],
    ),
    (
        &["case_transfer"],
        [
            "Case handed over to the next team at a joint visit.",
            "{name} met the new worker beforehand and chose where to sit.",
            "Summary and chronology checked before the change.",
            "social_care",
        ],
    ),
    (
        &[],
        [
            "{name} told the adviser of a change in plans that matters for the months ahead.",
            "{name} feels more settled and knows what comes next.",
            "Written into the plan and shared with those who need to know.",
            "social_care",
        ],
    ),
];

/// What is told of an event of this kind.
pub(super) fn event(kind: &str) -> Told {
    let known = EVENTS.iter().find(|(kinds, _)| kinds.contains(&kind)).or(EVENTS.last());
    known.map_or_else(Told::default, |(_, told)| *told)
}
