//! The people and places of the county, all invented: children's names and numbers, localities, teams and workers.
//!
//! Numbers keep the check digits of the real ones but lie where no real one can: NHS numbers begin 999, unique pupil
//! numbers carry authority 999, and postcodes are in the area ZZ, which does not exist.

use serde_json::Value;
use serde_json::json;

use super::random::Dice;

/// The three-digit code of the county, which no authority has.
pub(super) const AUTHORITY: &str = "999";

/// A part of the county with its teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locality {
    /// What it is called, such as North.
    pub name: &'static str,
    /// The names of its teams.
    pub teams: [&'static str; 4],
}

/// The localities of the county.
pub(super) const LOCALITIES: [Locality; 3] = [
    Locality {
        name: "North",
        teams: ["North Assessment", "North Family Support", "North Children in Care", "North Leaving Care"],
    },
    Locality {
        name: "Central",
        teams: [
            "Central Assessment",
            "Central Family Support",
            "Central Children in Care",
            "Central Leaving Care",
        ],
    },
    Locality {
        name: "East",
        teams: ["East Assessment", "East Family Support", "East Children in Care", "East Leaving Care"],
    },
];

/// How many duties in a hundred each team of each locality keeps well, so that teams differ.
const DILIGENCE: [[u32; 4]; 3] = [[96, 93, 90, 84], [92, 82, 95, 90], [85, 91, 78, 94]];

const GIRLS: [&str; 20] = [
    "Amber", "Bethan", "Chloe", "Daisy", "Elsie", "Freya", "Grace", "Hana", "Imogen", "Jasmine", "Keira",
    "Layla", "Maisie", "Nadia", "Orla", "Poppy", "Rosa", "Saffron", "Tilly", "Zara",
];
const BOYS: [&str; 20] = [
    "Aaron", "Ben", "Callum", "Dylan", "Ewan", "Finn", "George", "Haris", "Isaac", "Jayden", "Kai", "Leon",
    "Mason", "Noah", "Oscar", "Reece", "Samir", "Toby", "Umar", "Zac",
];
const SURNAMES: [&str; 40] = [
    "Marrowdale",
    "Tarnwick",
    "Ashpool",
    "Bramlow",
    "Copperfold",
    "Dunthwaite",
    "Elmscar",
    "Fernhallow",
    "Gorsebeck",
    "Hallowmere",
    "Inglethorn",
    "Jarrowby",
    "Kettleshaw",
    "Larkenby",
    "Mossgill",
    "Netherfold",
    "Oakenhurn",
    "Pikestone",
    "Quarrenby",
    "Rushmallow",
    "Sallowfield",
    "Thistlebank",
    "Underbeck",
    "Vennerby",
    "Wrenthorpe-Lee",
    "Yarrowick",
    "Aldermoss",
    "Birkenfold",
    "Cragmellow",
    "Dewhallow",
    "Eskwater",
    "Foxmellor",
    "Greengill",
    "Heronby",
    "Ivesdale",
    "Kestrelow",
    "Limefold",
    "Millmarrow",
    "Northgill",
    "Ottermoor",
];

/// A first name for a sex, M or F.
pub(super) fn first_name(dice: &mut Dice, sex: &str) -> &'static str {
    dice.pick(if sex == "M" { &BOYS } else { &GIRLS })
}

/// An invented surname.
pub(super) fn surname(dice: &mut Dice) -> &'static str {
    dice.pick(&SURNAMES)
}

/// A postcode in an area that does not exist.
pub(super) fn postcode(dice: &mut Dice) -> String {
    let letters = ["AA", "AB", "BD", "EF", "GH", "JL", "NP", "QR", "TU", "WX"];
    format!("ZZ{} {}{}", dice.between(1, 9), dice.between(1, 9), dice.pick(&letters))
}

/// An NHS number in the test range, with its check digit.
pub(super) fn nhs_number(dice: &mut Dice) -> String {
    loop {
        let body = format!("999{:06}", dice.below(1_000_000));
        let sum: u32 =
            body.chars().filter_map(|digit| digit.to_digit(10)).zip((2..=10).rev()).map(|(d, w)| d * w).sum();
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            return format!("{body}{check}");
        }
    }
}

/// A unique pupil number of the invented authority, with its check letter.
pub(super) fn pupil_number(dice: &mut Dice, year: i32) -> String {
    let body =
        format!("{AUTHORITY}4{:03}{:02}{:03}", dice.below(1000), year.rem_euclid(100), dice.below(1000));
    let sum: usize =
        body.chars().filter_map(|digit| digit.to_digit(10)).zip(2..).map(|(d, w)| d as usize * w).sum();
    let letter = "ABCDEFGHJKLMNPQRTUVWXYZ".chars().nth(sum % 23).unwrap_or('A');
    format!("{letter}{body}")
}

/// The team that holds a case, and the people around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Team {
    locality: usize,
    kind: usize,
    desk: usize,
}

impl Team {
    /// A team of this kind (0 assessment, 1 family support, 2 children in care, 3 leaving care), and one of its desks.
    pub(super) fn draw(dice: &mut Dice, kind: usize) -> Self {
        Self { locality: dice.below(LOCALITIES.len()), kind, desk: dice.below(4) }
    }

    /// The name of its locality.
    pub(super) fn locality(self) -> &'static str {
        LOCALITIES.get(self.locality).map_or("", |locality| locality.name)
    }

    /// Its own name.
    pub(super) fn name(self) -> &'static str {
        LOCALITIES
            .get(self.locality)
            .and_then(|locality| locality.teams.get(self.kind))
            .copied()
            .unwrap_or_default()
    }

    /// How many duties in a hundred it keeps well.
    pub(super) fn diligence(self) -> u32 {
        DILIGENCE.get(self.locality).and_then(|row| row.get(self.kind)).copied().unwrap_or(90)
    }

    /// The number of the worker in this role: social workers and advisers are the team's, others the locality's.
    fn number(self, role: &str) -> usize {
        let office = self.locality * 100;
        match role {
            "social_worker" => office + self.kind * 10 + self.desk,
            "personal_adviser" => office + self.kind * 10 + self.desk + 4,
            "team_manager" => office + self.kind * 10 + 8,
            "iro" => office + 50 + self.desk % 2,
            "conference_chair" => office + 53,
            "service_manager" => office + 60,
            "head_of_service" => office + 61,
            "nominated_officer" => office + 62,
            "virtual_school_officer" => office + 63,
            _ => office + 70 + self.desk,
        }
    }

    /// The id and the name of the worker in this role.
    pub(super) fn worker(self, role: &str) -> (String, String) {
        let number = self.number(role);
        let names = if number.is_multiple_of(2) { &GIRLS } else { &BOYS };
        let first = names.get(number * 7 % names.len()).copied().unwrap_or_default();
        let last = SURNAMES.get(number * 11 % SURNAMES.len()).copied().unwrap_or_default();
        (format!("W{:04}", 1000 + number), format!("{first} {last}"))
    }

    /// The worker in this role, as a record names people.
    pub(super) fn person(self, role: &str) -> Value {
        let (id, name) = self.worker(role);
        json!({ "id": id, "name": name, "role": role })
    }
}
