fn main() {
    let vals: Vec<String> = serde_json::from_reader(std::io::stdin()).unwrap();
    let name = domain::SecretName::parse("V").unwrap();
    let out: Vec<_> = vals.iter().map(|v| {
        let value = domain::RawValue::new(v.clone()).check().unwrap();
        let w = |f| domain::env::write(f, &[(&name, &value)]).ok().map(|t| t.to_string());
        (v.clone(), w(domain::EnvFormat::Dotenv), w(domain::EnvFormat::Shell))
    }).collect();
    println!("{}", serde_json::to_string(&out).unwrap());
}
