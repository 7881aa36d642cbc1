//! Reading the `.env` files that people have.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::{DotenvFile, read_dotenv};
use proptest::prelude::*;

/// Names and values in the order of the file.
fn pairs(file: &DotenvFile) -> Vec<(&str, &str)> {
    file.entries
        .iter()
        .map(|entry| (entry.name.as_str(), entry.value.expose()))
        .collect()
}

/// The one value that `text` sets, without complaint.
fn value(text: &str) -> String {
    let file = read_dotenv(text);
    assert_eq!(file.problems, [], "{text}");
    assert_eq!(file.entries.len(), 1, "{text}");
    file.entries.into_iter().next().unwrap().value.expose().to_owned()
}

/// The lines with problems.
fn problem_lines(file: &DotenvFile) -> Vec<usize> {
    file.problems.iter().map(|problem| problem.line).collect()
}

#[test]
fn a_file_as_people_have_it_is_read() {
    let file = read_dotenv(
        "\u{FEFF}# settings\r\n\r\nexport A=one\r\n  B = two words  # said twice\r\nC='#3'\r\nD=\"four\\nfive\" # a comment\r\nE=\r\nF=`six`\r\n",
    );
    assert_eq!(file.problems, []);
    assert_eq!(
        pairs(&file),
        [
            ("A", "one"),
            ("B", "two words"),
            ("C", "#3"),
            ("D", "four\nfive"),
            ("E", ""),
            ("F", "six")
        ]
    );
    assert_eq!(
        file.entries.iter().map(|entry| entry.line).collect::<Vec<_>>(),
        [3, 4, 5, 6, 7, 8]
    );
}

#[test]
fn nothing_is_ever_expanded() {
    for text in ["A=$HOME/${X}", "A=\"$HOME/${X}\"", "A='$HOME/${X}'", "A=`$HOME/${X}`"] {
        assert_eq!(value(text), "$HOME/${X}");
    }
    assert_eq!(value("A=$(id)`id`"), "$(id)`id`");
}

#[test]
fn a_hash_begins_a_comment_only_after_a_blank() {
    assert_eq!(value("A=pass#word"), "pass#word");
    assert_eq!(value("A=#word"), "#word");
    assert_eq!(value("A=pass #word"), "pass");
    assert_eq!(value("A= # nothing"), "");
    assert_eq!(value("A='pass #word'# a comment"), "pass #word");
}

#[test]
fn values_of_several_lines_keep_their_line_breaks_and_the_count_goes_on() {
    for quote in ['\'', '"', '`'] {
        let file = read_dotenv(&format!("A={quote}one\r\ntwo\n\n{quote}\nB=x"));
        assert_eq!(pairs(&file), [("A", "one\ntwo\n\n"), ("B", "x")]);
        assert_eq!(file.entries.get(1).unwrap().line, 5);
    }
}

#[test]
fn quotes_within_quotes_are_read_as_they_were_meant() {
    assert_eq!(value(r#"A="say \"hi\" \\ \$5 \x""#), r#"say "hi" \ $5 \x"#);
    assert_eq!(value(r"A='it'\''s'"), "it's");
    assert_eq!(value(r"A='it\'s'"), "it's");
    assert_eq!(value(r"A='C:\dir\'"), r"C:\dir\");
    assert_eq!(value(r"A='C:\dir\' # there"), r"C:\dir\");
    assert_eq!(value(r"A='it\''"), "it'");
    assert_eq!(value("A=`it's \"so\"`"), "it's \"so\"");
    assert_eq!(value(r#"A=don't "quote""#), r#"don't "quote""#);
    assert_eq!(value(r#"A={"key":"it"}"#), r#"{"key":"it"}"#);
}

#[test]
fn a_key_in_one_line_or_in_quotes_is_read() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";
    assert_eq!(value(&format!("A=\"{}\"", key.replace('\n', "\\n"))), key);
    assert_eq!(value(&format!("A='{key}'")), key);
}

#[test]
fn a_key_without_quotes_is_one_problem_and_none_of_its_lines_becomes_a_name() {
    let file = read_dotenv("A=-----BEGIN PRIVATE KEY-----\nMIIB==\nabc=\n-----END PRIVATE KEY-----\nB=x\n");
    assert_eq!(problem_lines(&file), [1]);
    assert_eq!(pairs(&file), [("B", "x")]);
}

#[test]
fn of_a_name_set_twice_the_last_wins_and_says_what_it_replaces() {
    let file = read_dotenv("A=1\nB=2\nA=3\n\nA=4");
    assert_eq!(pairs(&file), [("B", "2"), ("A", "4")]);
    let replaced: Vec<_> = file
        .entries
        .iter()
        .map(|entry| (entry.line, entry.replaces_line))
        .collect();
    assert_eq!(replaced, [(2, None), (5, Some(3))]);
}

#[test]
fn each_line_that_cannot_be_read_is_told_and_the_others_are_read() {
    let file = read_dotenv("just words\nA=1\n=2\nB C=3\nD='4' 5\nE=\"6\n7\" 8\nF=9");
    assert_eq!(problem_lines(&file), [1, 3, 4, 5, 6]);
    assert_eq!(pairs(&file), [("A", "1"), ("F", "9")]);
    assert!(file.problems.last().unwrap().message.contains("on line 7"));
    assert!(
        file.problems
            .first()
            .unwrap()
            .to_string()
            .starts_with("Line 1: there is no “=”")
    );
}

#[test]
fn a_quote_that_never_closes_ends_the_reading_where_it_opens() {
    let file = read_dotenv("A=1\nB='two\nC=3\n");
    assert_eq!(pairs(&file), [("A", "1")]);
    assert_eq!(problem_lines(&file), [2]);
}

#[test]
fn names_are_left_as_they_stand_for_the_rule_to_judge() {
    let file = read_dotenv("my.key=1\nexport\tother-key=2\n2FA=3\nexport=4\nschlüssel=5");
    let names: Vec<_> = file.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["my.key", "other-key", "2FA", "export", "schlüssel"]);
}

#[test]
fn the_worst_lines_are_read_as_fast_as_any_others() {
    for line in [
        "A='\\''x\n",
        "A='\\'x\n",
        "A=\"\\\"\n",
        "A='\n",
        "A=`x\n",
        "A=-----BEGIN K-----\n",
        "A='x\\'      \n",
        "=\n",
        "A=#\n",
        "A=# # \n",
    ] {
        let started = std::time::Instant::now();
        let file = read_dotenv(&line.repeat(262_144 / line.len()));
        assert!(file.entries.len() <= 1, "one name at most");
        assert!(started.elapsed().as_secs() < 9, "{line:?} took {:?}", started.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_can_be_given(text in any::<String>()) {
        let _ = read_dotenv(&text);
    }

    #[test]
    fn any_text_of_the_format_s_own_characters_can_be_given_and_is_accounted_for(text in "[AB='\"`\\\\#\n\r n-]{0,60}") {
        let file = read_dotenv(&text);
        let lines = text.replace("\r\n", "\n").replace('\r', "\n").split('\n').count();
        for line in file.entries.iter().map(|entry| entry.line).chain(problem_lines(&file)) {
            prop_assert!((1..=lines).contains(&line));
        }
        for entry in &file.entries {
            prop_assert!(entry.replaces_line.is_none_or(|line| line < entry.line));
            prop_assert_eq!(file.entries.iter().filter(|other| other.name == entry.name).count(), 1);
        }
    }

    #[test]
    fn a_problem_never_quotes_the_file(words in prop::collection::vec("[a-z]{9,12}", 1..4), glue in "[ ='\"\n]{1,3}") {
        let text = words.join(&glue);
        for problem in read_dotenv(&text).problems {
            prop_assert!(words.iter().all(|word| !problem.message.contains(word.as_str())), "{}", problem.message);
        }
    }
}
