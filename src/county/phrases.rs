//! What people write many times about one child, put together of phrases so that no two texts of a kind are the same.
//!
//! A [`Kind`] has lists of phrases whose lengths share no factor; `scene.rs` takes the next phrase of each list in turn, so
//! that a text comes again only after as many as the lengths multiplied. `{name}` stands for the child, `{time}` and
//! `{minutes}` for a time of day and a length that hardly two texts of two children share, so that nobody's account looks copied from a stranger's.

/// A kind of text: its number among the kinds, and the lists of phrases that it is made of.
pub(super) struct Kind {
    pub(super) number: usize,
    pub(super) lists: &'static [&'static [&'static str]],
}

/// How many kinds there are.
pub(super) const KINDS: usize = 5;

/// What a worker saw on a visit.
pub(super) const NOTE: Kind = Kind {
    number: 0,
    lists: &[
        &[
            "Calm home, tea being cooked.",
            "Shoes by the door and a fire lit when I came.",
            "{name} opened the door and showed me in.",
            "Came after school; the table was laid.",
            "A noisy half hour with cousins in the garden.",
            "Met at the park and walked home together.",
            "The kitchen was full of washing and talk.",
        ],
        &[
            "{name} showed homework and talked about a school trip.",
            "Bedtime routine has been kept; {name} sleeps through.",
            "Talked through family time on Saturday, which went well.",
            "{name} was tired after swimming and wanted to draw.",
            "{name} asked about seeing old friends at half-term.",
            "We went over the argument of last week; both had already made up.",
            "Talked about worries and whom to tell at school.",
            "{name} crossed out one action of the plan and added the choir.",
            "Looked at photographs of the holiday; {name} named everyone.",
            "{name} had a cold and stayed under the blanket, but ate well.",
            "{name} told of a new friend and of falling out with another.",
        ],
        &[
            "Bedroom seen, tidy and warm.",
            "Bedroom seen; a new shelf for the books.",
            "Bedroom seen with {name}, who chose the curtains.",
            "Bedroom seen; the window lock is mended.",
            "Bedroom seen, with clean bedding.",
        ],
        &["I was there from {time} for {minutes} minutes."],
    ],
};

/// Views of children old enough to say them.
pub(super) const VIEWS: Kind = Kind {
    number: 1,
    lists: &[
        &[
            "{name} said home feels calmer now and bedtime is the same each night.",
            "{name} would like to see nan every other Sunday, not just in the holidays.",
            "{name} likes maths and the art club and wants to stay at this school.",
            "{name} feels listened to but gets worried before meetings.",
            "{name} wants to know how long this will go on and who decides.",
            "{name} asked for a later bedtime at weekends and help to join football.",
            "{name} misses the dog and would like photographs of it for the wall.",
            "{name} said the social worker does what they say they will do.",
            "{name} drew the family around one table and said that is the best day.",
            "{name} is pleased with the new room and wants a lock on the drawer.",
            "{name} said mornings are easier when somebody is up first.",
        ],
        &[
            "The best thing this week was pancakes.",
            "The worst thing was the rain at the match.",
            "School was said to be fine.",
            "A birthday is looked forward to.",
            "Nothing else was to be passed on.",
            "The walk home is the favourite time.",
            "A worry about the cat was put to rest.",
        ],
    ],
};

/// What was seen of children too young to say their views.
pub(super) const SEEN: Kind = Kind {
    number: 2,
    lists: &[
        &[
            "{name} reached for the carer and settled quickly.",
            "{name} crawled to the toys and looked back to check.",
            "{name} fed well and watched every face.",
            "{name} woke, cried and was soothed at once.",
            "{name} laughed at the older children.",
        ],
        &[
            "Watched the room from the carer's arms.",
            "Babbled and held out a brick.",
            "Slept on the shoulder after a bottle.",
            "Clung when a stranger came in.",
            "Clapped when the song began.",
            "Held on to the blanket from home.",
            "Turned to the voice that is known.",
        ],
    ],
};

/// What was said in supervision.
pub(super) const DISCUSSION: Kind = Kind {
    number: 3,
    lists: &[
        &[
            "What life is like for {name} this month.",
            "What {name} would say if asked today.",
            "Whether mornings have changed for {name}.",
            "How {name} is at school and with friends.",
            "What has moved in the plan, and what is stuck.",
            "Who worries about {name}, and why.",
            "What the last visit to {name} showed.",
        ],
        &[
            "The aunt's offer was weighed.",
            "The missed appointment was looked into.",
            "The next meeting was prepared.",
            "The family's own ideas were heard.",
            "Risk was scaled again and found lower.",
            "The worker's own assumptions were tested.",
            "The school's view was set beside ours.",
            "Sleep and food were talked over.",
            "The father's part was thought about.",
            "Two actions were closed and one begun.",
            "The wish to see nan was taken up.",
        ],
    ],
};

/// What is added to an event of the chronology: how it came to be known.
pub(super) const HEARD: Kind = Kind {
    number: 4,
    lists: &[
        &[
            "Told to the team the same day.",
            "Heard by telephone and then in writing.",
            "The carer rang to say so.",
            "Seen in the report that came after.",
            "Talked over with the family since.",
        ],
        &["Written down at {time}", "Put on the file at {time}", "Noted at {time}", "Entered at {time}"],
    ],
};
