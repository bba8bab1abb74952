//! Names of people, and what is made of them.

/// Given names with the gender they are mostly given to.
pub const GIVEN_NAMES: &[(&str, &str)] = &[
    ("Mary", "female"), ("Patricia", "female"), ("Jennifer", "female"), ("Linda", "female"),
    ("Elizabeth", "female"), ("Barbara", "female"), ("Susan", "female"), ("Jessica", "female"),
    ("Sarah", "female"), ("Karen", "female"), ("Lisa", "female"), ("Nancy", "female"), ("Ashley", "female"),
    ("Emily", "female"), ("Kimberly", "female"), ("Donna", "female"), ("Michelle", "female"),
    ("Amanda", "female"), ("Melissa", "female"), ("Stephanie", "female"), ("Rebecca", "female"),
    ("Laura", "female"), ("Hannah", "female"), ("Olivia", "female"), ("Sofía", "female"), ("Zoë", "female"),
    ("Chloé", "female"), ("Aisha", "female"), ("Priya", "female"), ("Mei", "female"), ("Guadalupe", "female"),
    ("Ingrid", "female"), ("Renée", "female"), ("Fatima", "female"), ("Yuki", "female"), ("Grace", "female"),
    ("James", "male"), ("Robert", "male"), ("John", "male"), ("Michael", "male"), ("David", "male"),
    ("William", "male"), ("Richard", "male"), ("Joseph", "male"), ("Thomas", "male"), ("Charles", "male"),
    ("Christopher", "male"), ("Daniel", "male"), ("Matthew", "male"), ("Anthony", "male"), ("Mark", "male"),
    ("Steven", "male"), ("Andrew", "male"), ("Joshua", "male"), ("Kevin", "male"), ("Brian", "male"),
    ("George", "male"), ("Timothy", "male"), ("Jason", "male"), ("Ryan", "male"), ("José", "male"),
    ("Jesús", "male"), ("Luis", "male"), ("Ahmed", "male"), ("Wei", "male"), ("Raj", "male"),
    ("Björn", "male"), ("Andre", "male"), ("Mateo", "male"), ("Noah", "male"), ("Ethan", "male"),
    ("Alex", "nonbinary"), ("Jordan", "nonbinary"), ("Riley", "nonbinary"), ("Casey", "nonbinary"),
];

/// Surnames.
pub const SURNAMES: &[&str] = &[
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez",
    "Hernandez", "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin",
    "Lee", "Perez", "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson",
    "Walker", "Young", "Allen", "King", "Wright", "Scott", "Torres", "Nguyen", "Hill", "Flores", "Green",
    "Adams", "Nelson", "Baker", "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts", "Gomez",
    "Phillips", "Evans", "Turner", "Diaz", "Parker", "Cruz", "Edwards", "Collins", "Reyes", "Stewart",
    "Morris", "Morales", "Murphy", "Cook", "Rogers", "Gutierrez", "Ortiz", "Morgan", "Cooper", "Peterson",
    "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Kim", "Cox", "Ward", "Richardson", "Watson", "Brooks",
    "Chavez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz", "Hughes", "Price", "Alvarez",
    "Castillo", "Sanders", "Patel", "Myers", "Núñez", "O'Brien", "Müller", "Peña", "Chen", "Wang", "Singh",
    "Khan", "Cohen", "Schmidt", "Larsen", "Kowalski", "Okafor", "Yamamoto", "Van Dyke", "García Márquez",
];

/// Where mailboxes are.
pub const MAIL_DOMAINS: &[(&str, u32)] = &[
    ("example.com", 46),
    ("mail.example.com", 20),
    ("example.net", 16),
    ("example.org", 12),
    ("post.example.net", 6),
];

/// Employers of the few customers who gave one.
pub const COMPANIES: &[&str] =
    &["Acme", "Bluebird Labs", "Cascade Freight", "Delta Dental Arts", "Elm & Co", "Fern Studio", "Gallo Farms"];

/// The part of a mail address that a name gives: ASCII letters in lower case.
pub fn mailbox(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).filter_map(plain_letter).collect()
}

fn plain_letter(letter: char) -> Option<char> {
    match letter {
        'á' => Some('a'),
        'ë' | 'é' => Some('e'),
        'í' => Some('i'),
        'ñ' => Some('n'),
        'ö' => Some('o'),
        'ú' | 'ü' => Some('u'),
        other => other.is_ascii_alphabetic().then_some(other),
    }
}
