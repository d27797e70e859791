//! Invented people and companies from several parts of the world. All addresses are in the reserved domain `.example`.

use std::collections::HashSet;

use leadline_engine::text::fold;

use super::dice::Dice;

/// How many companies there are.
const COMPANIES: usize = 800;

/// Names of one part of the world.
struct Culture {
    country: &'static str,
    dialling_code: &'static str,
    cities: &'static [&'static str],
    first_names: &'static [&'static str],
    last_names: &'static [&'static str],
    /// What follows a company's name.
    forms: &'static [&'static str],
    /// How many of the companies are from here.
    weight: f64,
}

/// A company.
pub(super) struct Company {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) industry: &'static str,
    pub(super) city: &'static str,
    pub(super) country: &'static str,
    /// How much it buys, compared with others.
    pub(super) size: f64,
    culture: usize,
}

/// Someone who works there.
pub(super) struct Person {
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) email: String,
    pub(super) phone: String,
}

/// What companies do: the word in a name, and the industry.
const TRADES: [(&str, &str); 24] = [
    ("Logistics", "Transport"),
    ("Freight", "Transport"),
    ("Foods", "Food and drink"),
    ("Bakeries", "Food and drink"),
    ("Coffee", "Food and drink"),
    ("Textiles", "Textiles"),
    ("Instruments", "Manufacturing"),
    ("Machinery", "Manufacturing"),
    ("Castings", "Manufacturing"),
    ("Packaging", "Manufacturing"),
    ("Energy", "Energy"),
    ("Solar", "Energy"),
    ("Marine", "Shipping"),
    ("Clinics", "Health"),
    ("Diagnostics", "Health"),
    ("Pharma", "Health"),
    ("Studios", "Design"),
    ("Architects", "Construction"),
    ("Builders", "Construction"),
    ("Timber", "Forestry"),
    ("Software", "Software"),
    ("Analytics", "Software"),
    ("Hotels", "Hospitality"),
    ("Press", "Publishing"),
];

const CULTURES: [Culture; 10] = [
    Culture {
        country: "Netherlands",
        dialling_code: "+31 20",
        cities: &["Amsterdam", "Utrecht", "Rotterdam", "Groningen"],
        first_names: &[
            "Sanne", "Daan", "Femke", "Jeroen", "Maud", "Thijs", "Noor", "Ruben",
        ],
        last_names: &[
            "de Vries", "Bakker", "Visser", "Mulder", "van Dijk", "Hoekstra", "Postma",
        ],
        forms: &["B.V.", ""],
        weight: 16.0,
    },
    Culture {
        country: "Germany",
        dialling_code: "+49 30",
        cities: &["Berlin", "Hamburg", "Leipzig", "München", "Köln"],
        first_names: &[
            "Lena",
            "Jonas",
            "Katharina",
            "Felix",
            "Anke",
            "Matthias",
            "Greta",
            "Uwe",
        ],
        last_names: &[
            "Brandt", "Schäfer", "Lindner", "Vogel", "Krüger", "Seidel", "Hartmann",
        ],
        forms: &["GmbH", "AG", ""],
        weight: 18.0,
    },
    Culture {
        country: "France",
        dialling_code: "+33 1",
        cities: &["Lyon", "Paris", "Nantes", "Lille"],
        first_names: &[
            "Camille", "Hugo", "Élodie", "Antoine", "Inès", "Bastien", "Margaux",
        ],
        last_names: &[
            "Moreau",
            "Lefèvre",
            "Garnier",
            "Rousseau",
            "Chevalier",
            "Fontaine",
        ],
        forms: &["SARL", "SA", ""],
        weight: 12.0,
    },
    Culture {
        country: "Spain",
        dialling_code: "+34 91",
        cities: &["Madrid", "Valencia", "Bilbao", "Sevilla"],
        first_names: &[
            "Lucía", "Álvaro", "Carmen", "Íñigo", "Marta", "Sergio", "Nerea",
        ],
        last_names: &[
            "Navarro",
            "Ibáñez",
            "Ortega",
            "Molina",
            "Castaño",
            "Echeverría",
        ],
        forms: &["S.L.", "S.A.", ""],
        weight: 10.0,
    },
    Culture {
        country: "Poland",
        dialling_code: "+48 22",
        cities: &["Warszawa", "Kraków", "Gdańsk", "Wrocław"],
        first_names: &["Agnieszka", "Tomasz", "Magdalena", "Paweł", "Ewa", "Łukasz"],
        last_names: &[
            "Nowak",
            "Zielińska",
            "Wójcik",
            "Kamiński",
            "Sikora",
            "Dąbrowski",
        ],
        forms: &["Sp. z o.o.", ""],
        weight: 8.0,
    },
    Culture {
        country: "Sweden",
        dialling_code: "+46 8",
        cities: &["Stockholm", "Göteborg", "Malmö", "Uppsala"],
        first_names: &["Astrid", "Emil", "Linnea", "Oskar", "Saga", "Håkan"],
        last_names: &[
            "Lindqvist",
            "Ekström",
            "Sjöberg",
            "Nyström",
            "Åkesson",
            "Holm",
        ],
        forms: &["AB", ""],
        weight: 9.0,
    },
    Culture {
        country: "Nigeria",
        dialling_code: "+234 1",
        cities: &["Lagos", "Abuja", "Ibadan"],
        first_names: &["Chiamaka", "Tunde", "Ngozi", "Emeka", "Folake", "Ibrahim"],
        last_names: &["Okafor", "Adeyemi", "Balogun", "Eze", "Danjuma", "Okonkwo"],
        forms: &["Ltd", ""],
        weight: 6.0,
    },
    Culture {
        country: "India",
        dialling_code: "+91 80",
        cities: &["Bengaluru", "Pune", "Chennai", "Ahmedabad"],
        first_names: &[
            "Ananya", "Rohan", "Lakshmi", "Vikram", "Meera", "Arjun", "Divya",
        ],
        last_names: &[
            "Iyer",
            "Deshpande",
            "Nair",
            "Chatterjee",
            "Patil",
            "Reddy",
            "Kapoor",
        ],
        forms: &["Pvt Ltd", ""],
        weight: 9.0,
    },
    Culture {
        country: "Japan",
        dialling_code: "+81 3",
        cities: &["Tokyo", "Osaka", "Nagoya", "Sapporo"],
        first_names: &["Haruka", "Takumi", "Naoko", "Ryo", "Sakura", "Daichi"],
        last_names: &[
            "Fujimoto",
            "Kobayashi",
            "Matsuda",
            "Shimizu",
            "Ishikawa",
            "Okada",
        ],
        forms: &["K.K.", ""],
        weight: 6.0,
    },
    Culture {
        country: "United Kingdom",
        dialling_code: "+44 20",
        cities: &["London", "Leeds", "Bristol", "Glasgow"],
        first_names: &[
            "Harriet", "Callum", "Priya", "Owen", "Niamh", "Jamal", "Beatrice",
        ],
        last_names: &[
            "Whitfield",
            "Campbell",
            "Ahmed",
            "Pritchard",
            "Osborne",
            "Gallagher",
        ],
        forms: &["Ltd", "plc", ""],
        weight: 12.0,
    },
];

/// All companies, no two of one name.
pub(super) fn companies(dice: &mut Dice) -> Vec<Company> {
    let weights: Vec<(usize, f64)> = CULTURES
        .iter()
        .enumerate()
        .map(|(index, culture)| (index, culture.weight))
        .collect();
    let mut domains = HashSet::new();
    let mut companies = Vec::with_capacity(COMPANIES);
    while companies.len() < COMPANIES {
        let culture = dice.weighted(&weights);
        let company = company(culture, dice);
        if domains.insert(company.domain.clone()) {
            companies.push(company);
        }
    }
    companies
}

fn company(index: usize, dice: &mut Dice) -> Company {
    let culture = &CULTURES[index];
    let (trade, industry) = *dice.pick(&TRADES);
    let city = *dice.pick(culture.cities);
    let family = *dice.pick(culture.last_names);
    let stem = match dice.between(0, 5) {
        0 => format!("{city} {trade}"),
        1 => format!("{family} & {}", dice.pick(culture.last_names)),
        2 => format!("{} {trade}", dice.pick(&COINED)),
        _ => format!("{family} {trade}"),
    };
    let form = *dice.pick(culture.forms);
    Company {
        domain: format!("{}.example", slug(&stem, "-")),
        name: format!("{stem} {form}").trim_end().to_owned(),
        industry,
        city,
        country: culture.country,
        size: dice.around(1.0),
        culture: index,
    }
}

impl Company {
    /// Someone who works there; mostly they come from nearby.
    pub(super) fn person(&self, dice: &mut Dice) -> Person {
        let near = &CULTURES[self.culture];
        let far = dice.pick(&CULTURES);
        let from = if dice.chance(0.9) { near } else { far };
        let (first_name, last_name) = (*dice.pick(from.first_names), *dice.pick(from.last_names));
        let local = format!("{}.{}", slug(first_name, ""), slug(last_name, ""));
        let number = dice.between(2_000_000, 9_999_999);
        let phone = format!(
            "{} {} {}",
            near.dialling_code,
            number / 10_000,
            number % 10_000
        );
        Person {
            first_name,
            last_name,
            email: format!("{local}@{}", self.domain),
            phone,
        }
    }
}

const COINED: [&str; 16] = [
    "Aldermoor",
    "Bluefin",
    "Corvid",
    "Drumlin",
    "Everlane",
    "Fjordline",
    "Graphite",
    "Halcyon",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Meridian",
    "Northgate",
    "Ostrava",
    "Pellow",
    "Tidewater",
];

/// Letters and digits without accents, in lower case, the words joined.
fn slug(name: &str, joint: &str) -> String {
    let folded = fold(name);
    let words: Vec<String> = folded
        .split_whitespace()
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect())
        .filter(|word: &String| !word.is_empty())
        .collect();
    words.join(joint)
}
