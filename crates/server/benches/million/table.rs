//! The tables, in Markdown.

use std::time::Duration;

use crate::{questions::Question, support::client::Load};

/// What was found of a question.
pub(crate) struct Row {
    pub(crate) question: Question,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) sql: Sql,
    /// Milliseconds of the bare loop, where there is one.
    pub(crate) floor: Option<f64>,
}

/// How long SQL took.
pub(crate) enum Sql {
    /// There is no such question in SQL.
    None,
    Ms(f64),
    /// It took longer than the limit, in milliseconds.
    Above(f64),
}

impl Row {
    pub(crate) fn new(question: Question, load: &Load) -> Self {
        Self {
            question,
            p50: load.quantile_ms(0.5),
            p99: load.quantile_ms(0.99),
            sql: Sql::None,
            floor: None,
        }
    }
}

/// A line that is not a question: what, the figure, and the most it should be.
pub(crate) struct Figure {
    pub(crate) what: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) aim: Option<f64>,
}

pub(crate) fn print_questions(rows: &[Row]) {
    println!(
        "\n| question | aim ms | p50 ms | p99 ms | p50 met | SQL ms | SQL / product | bare loop ms | product / bare |\n\
         | --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |"
    );
    for row in rows {
        let aim = row.question.aim_ms();
        let (sql, ratio) = match row.sql {
            Sql::None => (String::new(), String::new()),
            Sql::Ms(ms) => (
                digits(ms),
                judged(ms / row.p50, "", is_report_ratio(row, ms)),
            ),
            Sql::Above(ms) => (
                format!("> {}", digits(ms)),
                judged(ms / row.p50, "> ", is_report_ratio(row, ms)),
            ),
        };
        let of_floor = row.floor.map(|ms| row.p50 / ms);
        println!(
            "| {} | {} | {} | {} | {} | {sql} | {ratio} | {} | {} |",
            row.question.name(),
            aim.map(digits).unwrap_or_default(),
            digits(row.p50),
            digits(row.p99),
            met(aim.map(|aim| row.p50 <= aim)),
            row.floor.map(digits).unwrap_or_default(),
            of_floor
                .map(|ratio| judged(ratio, "", Some(ratio <= 2.0)))
                .unwrap_or_default(),
        );
    }
}

pub(crate) fn print_figures(figures: &[Figure]) {
    println!("\n| | found | aim | met |\n| --- | ---: | ---: | --- |");
    for figure in figures {
        let unit = figure.unit;
        println!(
            "| {} | {} {unit} | {} | {} |",
            figure.what,
            digits(figure.value),
            figure
                .aim
                .map(|aim| format!("{} {unit}", digits(aim)))
                .unwrap_or_default(),
            met(figure.aim.map(|aim| figure.value <= aim))
        );
    }
}

/// The medians of each size side by side.
pub(crate) fn print_growth(sizes: &[(usize, Vec<Row>)]) {
    let head: Vec<String> = sizes
        .iter()
        .map(|(leads, _)| format!("{leads} leads"))
        .collect();
    println!(
        "\n| p50 / p99 ms | {} |\n| --- |{}",
        head.join(" | "),
        " ---: |".repeat(sizes.len())
    );
    for question in Question::ALL {
        let cells: Vec<String> = sizes
            .iter()
            .flat_map(|(_, rows)| rows.iter().filter(|row| row.question == question))
            .map(|row| format!("{} / {}", digits(row.p50), digits(row.p99)))
            .collect();
        println!("| {} | {} |", question.name(), cells.join(" | "));
    }
}

/// Lines for what a load took.
pub(crate) fn of_load(what: &str, load: &Load, aim_p99: Option<f64>) -> [Figure; 3] {
    let figure = |name: &str, value, unit, aim| Figure {
        what: format!("{what}: {name}"),
        value,
        unit,
        aim,
    };
    [
        figure("a second", load.per_second(), "", None),
        figure("p50", load.quantile_ms(0.5), "ms", None),
        figure("p99", load.quantile_ms(0.99), "ms", aim_p99),
    ]
}

pub(crate) fn seconds(what: &str, time: Duration, aim: Option<f64>) -> Figure {
    Figure {
        what: what.to_owned(),
        value: time.as_secs_f64(),
        unit: "s",
        aim,
    }
}

pub(crate) fn megabytes(what: &str, value: f64, aim: Option<f64>) -> Figure {
    Figure {
        what: what.to_owned(),
        value,
        unit: "MB",
        aim,
    }
}

pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn is_report_ratio(row: &Row, sql_ms: f64) -> Option<bool> {
    row.question.is_report().then_some(sql_ms / row.p50 >= 50.0)
}

fn judged(ratio: f64, prefix: &str, is_met: Option<bool>) -> String {
    match is_met {
        Some(is_met) => format!("{prefix}{} {}", digits(ratio), met(Some(is_met))),
        None => format!("{prefix}{}", digits(ratio)),
    }
}

fn met(is_met: Option<bool>) -> &'static str {
    match is_met {
        Some(true) => "yes",
        Some(false) => "**no**",
        None => "",
    }
}

/// Three digits that count.
fn digits(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
