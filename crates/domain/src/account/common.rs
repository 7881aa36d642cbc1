//! What everybody tries first.

/// Common passwords and the words they are made of, in small letters, without blanks and symbols, sorted. Kept short,
/// because it is part of the page.
///
/// One of six letters or more stays common with a few digits or symbols around it, so that `password` stands for
/// `P@ssword2026!` as well; those with digits within are of twelve characters and more, as they stand.
#[rustfmt::skip]
pub(super) static COMMON: &[&str] = &[
    "123qweasdzxc", "1a2b3c4d5e6f", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u", "1q2w3e4r5t6y7u8i9o0p", "a1b2c3d4e5f6",
    "a1s2d3f4g5h6", "abc123def456", "access", "adminadmin", "administrador", "administrator", "adminpassword",
    "admins", "alexander", "alwaysandforever", "anakinskywalker", "andrew", "anthony", "arsenal", "asdfgh",
    "asdfghjkl", "ashley", "august", "autumn", "azerty", "babygirl", "badpassword", "banana", "barcelona",
    "baseball", "basketball", "batman", "beautiful", "bienvenue", "bismillah", "blessed", "bostonredsox", "buster",
    "butterfly", "callofduty", "captainamerica", "carpediem", "changeit", "changeme", "changemenow", "changethis",
    "charlie", "chatgpt", "cheeseburger", "chelseafc", "chocolate", "christopher", "claude", "computer",
    "contrasena", "cookie", "correcthorse", "correcthorsebatterystaple", "counterstrike", "cristianoronaldo",
    "dallascowboys", "daniel", "database", "december", "default", "defaultpassword", "development", "dontforgetme",
    "donttouchthis", "dontworrybehappy", "dragon", "dragonball", "elizabeth", "example", "extraordinary",
    "facebook", "family", "february", "ferrari", "finalfantasy", "flower", "football", "forever", "foreveralone",
    "foreverandalways", "foreverandever", "foreveryoung", "forgetpassword", "forgotpassword", "freedom", "friday",
    "friends", "friendsforever", "gameofthrones", "gandalf", "geheim", "ginger", "godisgood", "godislove",
    "goodmorning", "goodpassword", "google", "grandtheftauto", "guestguest", "hakunamatata", "hallelujah",
    "happybirthday", "happynewyear", "harley", "harrypotter", "haslohaslo", "hellohowareyou", "hellokitty",
    "helloworld", "hockey", "hotelcalifornia", "hunter", "iamthebest", "idontcare", "idontknow",
    "iforgotmypassword", "iforgotpassword", "ilovechocolate", "ilovejesus", "iloveme", "ilovemyfamily",
    "ilovemymother", "iloveyou", "iloveyoualways", "iloveyoubabe", "iloveyoubaby", "iloveyouforever",
    "iloveyousomuch", "iloveyoutwo", "ingodwetrust", "instagram", "intelligence", "international", "internet",
    "iwillalwaysloveyou", "january", "jennifer", "jessica", "jesuschrist", "jesusislord", "jesusismylord",
    "jesuslovesme", "jordan", "joshua", "justinbieber", "juventus", "kobebryant", "leagueoflegends", "leavemealone",
    "letmein", "letmeinnow", "letmeinplease", "linkinpark", "lionelmessi", "livelaughlove", "liverpool",
    "liverpoolfc", "lordoftherings", "loremipsum", "loremipsumdolor", "loremipsumdolorsitamet", "losenord",
    "loveyouforever", "loveyousomuch", "lukeskywalker", "manchester", "manchestercity", "manchesterunited",
    "massachusetts", "master", "matrix", "matthew", "maytheforcebewithyou", "mercedes", "merrychristmas",
    "metallica", "michael", "michaeljackson", "michaeljordan", "mickeymouse", "microsoft", "minecraft", "monday",
    "monkey", "motdepasse", "mustang", "mynewpassword", "mypassword", "mypasswordis", "mysecret",
    "mysecretpassword", "naruto", "network", "nevergiveup", "newpassword", "newyorkyankees", "nicole", "nintendo",
    "nopassword", "november", "obiwankenobi", "october", "oldpassword", "onceuponatime", "onedirection", "openai",
    "opensesame", "openthedoor", "oracle", "orange", "parola", "passord", "passphrase", "password", "passwordadmin",
    "passwordisthis", "passwords", "passwordtest", "passwort", "peanutbutter", "pepper", "philadelphia", "pikachu",
    "pittsburghsteelers", "playstation", "pleaseletmein", "pokemon", "porsche", "postgres", "princess",
    "princessleia", "production", "professional", "q1w2e3r4t5y6", "q1w2e3r4t5y6u7i8", "qazwsx", "qazwsxedc",
    "qazwsxedcrfv", "qwe123asd456", "qweasd", "qweasdzxc", "qwerty", "qwertyuiop", "qwertz", "realmadrid",
    "rememberme", "robert", "rootpassword", "rosesarered", "salasana", "samantha", "sample", "samsung",
    "sanfrancisco", "secret", "secretpassword", "secrets", "secure", "securepassword", "security", "senhasenha",
    "september", "server", "shadow", "soccer", "spiderman", "spring", "staging", "stairwaytoheaven", "startrek",
    "starwars", "stephanie", "strawberry", "strongpassword", "strongroom", "summer", "sunday", "sunshine",
    "superadmin", "supercalifragilisticexpialidocious", "superman", "supersecret", "superuser", "sweetheart",
    "temporary", "temppassword", "tennis", "tester", "testing", "testpassword", "testtest", "theforceawakens",
    "thepassword", "thequickbrownfox", "thequickbrownfoxjumpsoverthelazydog", "thisisapassword", "thisisasecret",
    "thisismypassword", "thisismysecret", "thomas", "tigger", "tinkerbell", "tobeornottobe", "topsecret", "trustno",
    "trustnoone", "unbelievable", "unitedstates", "userpassword", "verysecret", "volleyball", "watermelon",
    "welcome", "welcomeback", "welcomehome", "welcometohell", "welcometothejungle", "whatever", "whatismypassword",
    "whatisthepassword", "whatsthepassword", "willkommen", "windows", "winter", "winteriscoming", "worldofwarcraft",
    "yellowsubmarine", "yourpassword", "youtube", "zxcvbn", "zxcvbnm",
];

#[cfg(test)]
mod tests {
    use super::COMMON;
    use crate::account::{PASSWORD_MIN, PasswordError, check_password};

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(COMMON.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn every_entry_that_is_long_enough_is_refused_for_being_on_the_list() {
        for common in COMMON.iter().filter(|common| common.len() >= PASSWORD_MIN) {
            assert_eq!(check_password(common, ""), Err(PasswordError::Common), "{common}");
        }
    }

    #[test]
    fn every_shorter_entry_is_refused_with_a_year_after_it() {
        for common in COMMON.iter().filter(|common| common.len() < PASSWORD_MIN) {
            assert!(
                common.len() >= 6 && common.chars().all(|ch| ch.is_ascii_lowercase()),
                "{common}"
            );
            let password = format!("{common}2026!!");
            assert!(check_password(&password, "").is_err(), "{password}");
        }
    }
}
