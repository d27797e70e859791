//! The same questions in SQL over the analyst's tables. Each row is what the figures are of, and figures; see [`crate::answers`].

use leadline_store::db::Dialect;

use crate::{
    data::{DAY, END, STAGES},
    ledger::country,
    questions::{
        BOARD_UNTIL, CARDS, COUNTRY, ENTERED, IN_SINCE, LEAST_AMOUNT, NEEDLE, OPEN_STAGES, PAGE,
        Question, STAGE, TREND_DAYS, WORDS, YEAR_AGO,
    },
};

/// The statements that answer a question together; none where SQL has no such question.
pub(crate) fn of(question: Question, dialect: Dialect) -> Vec<String> {
    let country = country(COUNTRY);
    let [open, proposed] = OPEN_STAGES;
    let listed = |condition: &str| {
        page(&format!(
            "bench_lead l where archived_at is null and {condition}"
        ))
    };
    match question {
        Question::Page => listed(&format!(
            "country = '{country}' and stage in ('{open}', '{proposed}') and amount >= {LEAST_AMOUNT}"
        )),
        Question::PageAsOf => page(&format!(
            "(select l.lead, l.name, a.amount from bench_lead l \
             join bench_visit v on v.lead = l.lead and {} and v.stage in ('{open}', '{proposed}') \
             join bench_amount a on a.lead = l.lead and {} and a.amount >= {LEAST_AMOUNT} \
             where l.country = '{country}' and l.created_at <= {YEAR_AGO} and {}) l",
            held("v"),
            held("a"),
            unarchived()
        )),
        Question::Contains => listed(&contains(dialect, &[NEEDLE], false)),
        Question::Words => count(&contains(dialect, &WORDS, true)),
        Question::Everywhere => count(&contains(dialect, &[NEEDLE], true)),
        Question::Typo => Vec::new(),
        Question::Ever => listed(&has_visit("")),
        Question::Entered => {
            let (from, to) = ENTERED;
            listed(&has_visit(&format!(
                " and v.valid_from >= {from} and v.valid_from < {to}"
            )))
        }
        Question::TimeInStage => {
            listed(&format!("stage = '{STAGE}' and stage_since <= {IN_SINCE}"))
        }
        Question::CountAsOf => vec![format!(
            "select 'total', {} from bench_visit v join bench_lead l on l.lead = v.lead where v.stage = '{STAGE}' and {} and {}",
            figure("count(*)"),
            held("v"),
            unarchived()
        )],
        Question::Board => board(dialect),
        Question::Trend => vec![trend(dialect)],
        Question::Flow => vec![statistics(
            dialect,
            "select coalesce(before, '') || '>' || stage as k, lead, valid_from - since as d from \
             (select lead, stage, valid_from, lag(stage) over w as before, lag(valid_from) over w as since from bench_visit \
              window w as (partition by lead order by valid_from)) moves",
            &["count(*)", "count(distinct lead)"],
            &[50],
        )],
        Question::Times => vec![times(dialect, "stage", "bench_visit v")],
        Question::TimesByCountry => vec![times(
            dialect,
            "l.country || ':' || v.stage",
            "bench_visit v join bench_lead l on l.lead = v.lead",
        )],
        Question::Funnel => vec![path(dialect, true)],
        Question::Cohort => vec![path(dialect, false)],
        Question::Snapshot => vec![format!(
            "select stage, {}, {} from bench_lead where archived_at is null group by stage",
            figure("count(*)"),
            figure("sum(amount)")
        )],
    }
}

/// The exact count and the first page of `from`, whose rows are called `l`.
fn page(from: &str) -> Vec<String> {
    vec![
        format!("select 'total', {} from {from}", figure("count(*)")),
        format!(
            "select 'page', {} from {from} order by l.amount desc, l.name, l.lead limit {PAGE}",
            figure("l.lead")
        ),
    ]
}

fn count(condition: &str) -> Vec<String> {
    let from = format!("bench_lead l where archived_at is null and {condition}");
    vec![format!(
        "select 'total', {} from {from}",
        figure("count(*)")
    )]
}

fn figure(expression: &str) -> String {
    format!("cast({expression} as double precision)")
}

fn held(table: &str) -> String {
    format!(
        "{table}.valid_from <= {YEAR_AGO} and ({table}.valid_to > {YEAR_AGO} or {table}.valid_to is null)"
    )
}

fn unarchived() -> String {
    format!("(l.archived_at > {YEAR_AGO} or l.archived_at is null)")
}

fn has_visit(when: &str) -> String {
    format!(
        "exists (select 1 from bench_visit v where v.lead = l.lead and v.stage = '{STAGE}'{when})"
    )
}

/// Whether each of the words is somewhere in the texts, by an index of trigrams.
fn contains(dialect: Dialect, words: &[&str], with_city: bool) -> String {
    let mut columns = vec!["name", "email", "company", "phone"];
    if with_city {
        columns.push("city");
    }
    match dialect {
        Dialect::Sqlite => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            format!(
                "l.lead in (select rowid from bench_text where bench_text match '{{{}}} : ({})')",
                columns.join(" "),
                words.join(" AND ")
            )
        }
        Dialect::Postgres => {
            let holds = |word: &&str| {
                let each = columns
                    .iter()
                    .map(|column| format!("{column} ilike '%{word}%'"));
                format!("({})", each.collect::<Vec<_>>().join(" or "))
            };
            words.iter().map(holds).collect::<Vec<_>>().join(" and ")
        }
    }
}

fn board(dialect: Dialect) -> Vec<String> {
    let ages = format!(
        "select stage as k, amount, {BOARD_UNTIL} - stage_since as d from bench_lead where archived_at is null"
    );
    let mut all = vec![statistics(
        dialect,
        &ages,
        &["count(*)", "sum(amount)"],
        &[50],
    )];
    all.extend(STAGES.map(|stage| {
        format!(
            "select 'page {stage}', {} from bench_lead where archived_at is null and stage = '{stage}' order by amount desc, name, lead limit {CARDS}",
            figure("lead")
        )
    }));
    all
}

/// What begins and ends on each day, added up.
fn trend(dialect: Dialect) -> String {
    let from = END - TREND_DAYS * DAY;
    let day =
        |time: &str| format!("case when {time} < {from} then 0 else ({time} - {from}) / {DAY} end");
    let last = TREND_DAYS - 1;
    let days = match dialect {
        Dialect::Sqlite => {
            format!("days(day) as (select 0 union all select day + 1 from days where day < {last})")
        }
        Dialect::Postgres => format!("days(day) as (select generate_series(0, {last})::bigint)"),
    };
    format!(
        "with recursive {days}, \
         moves as (select {} as day, stage, 1 as change from bench_visit \
           union all select {}, stage, -1 from bench_visit where valid_to is not null), \
         daily as (select day, stage, sum(change) as change from moves group by day, stage), \
         counts as (select days.day, stages.stage, sum(coalesce(daily.change, 0)) over (partition by stages.stage order by days.day) as count \
           from days cross join (select distinct stage from daily) stages left join daily on daily.day = days.day and daily.stage = stages.stage) \
         select cast(day as text) || ':' || stage, {} from counts where count > 0",
        day("valid_from"),
        day("valid_to"),
        figure("count")
    )
}

fn times(dialect: Dialect, key: &str, from: &str) -> String {
    let visits = format!(
        "select {key} as k, v.lead, v.valid_to, coalesce(v.valid_to, {END}) - v.valid_from as d from {from}"
    );
    let figures = [
        "count(*)",
        "count(distinct lead)",
        "count(*) - count(valid_to)",
        "avg(d) / 1e6",
    ];
    statistics(dialect, &visits, &figures, &[50, 75, 90])
}

/// When each lead reached each stage, one after the other; then by the month of the first.
fn path(dialect: Dialect, is_funnel: bool) -> String {
    let mut steps = vec![format!(
        "s0 as materialized (select lead, min(valid_from) as t from bench_visit where stage = '{}' group by lead)",
        STAGES[0]
    )];
    let month = match dialect {
        Dialect::Sqlite => "strftime('%Y-%m', s0.t / 1000000, 'unixepoch')",
        Dialect::Postgres => "to_char(to_timestamp(s0.t / 1000000) at time zone 'UTC', 'YYYY-MM')",
    };
    let mut parts = Vec::new();
    for step in 0..STAGES.len() {
        if step > 0 {
            let later: Vec<String> = STAGES[step..]
                .iter()
                .map(|stage| format!("'{stage}'"))
                .collect();
            steps.push(format!(
                "s{step} as materialized (select s.lead, min(v.valid_from) as t from s{} s \
                 join bench_visit v on v.lead = s.lead and v.valid_from >= s.t and v.stage in ({}) group by s.lead)",
                step - 1,
                later.join(", ")
            ));
        }
        let key = format!("{month} || ':{}' as k", STAGES[step]);
        let start = if step == 0 {
            "s0".to_owned()
        } else {
            format!("s{step} join s0 on s0.lead = s{step}.lead")
        };
        let next = step + 1;
        parts.push(match is_funnel && next < STAGES.len() {
            true => format!("select {key}, s{next}.t - s{step}.t as d from {start} left join s{next} on s{next}.lead = s{step}.lead"),
            false if is_funnel => format!("select {key}, cast(null as bigint) as d from {start}"),
            false => format!("select {key}, s{step}.t - s0.t as d from {start}"),
        });
    }
    let reached = parts.join(" union all ");
    let inner = format!("with {} {reached}", steps.join(", "));
    statistics(dialect, &inner, &["count(*)"], &[50])
}

/// Figures and quantiles of the durations `d` by `k`, in seconds: as `percentile_cont` has them, which SQLite's lacks.
fn statistics(dialect: Dialect, inner: &str, figures: &[&str], percents: &[u32]) -> String {
    let named: Vec<String> = figures
        .iter()
        .map(|expression| figure(expression))
        .collect();
    let named = named.join(", ");
    match dialect {
        Dialect::Postgres => {
            let fractions: Vec<String> = percents.iter().map(|p| format!("0.{p}")).collect();
            let parts: Vec<String> = (1..=percents.len())
                .map(|n| format!("p[{n}] / 1e6"))
                .collect();
            let aliases: Vec<String> = (0..figures.len()).map(|n| format!("f{n}")).collect();
            let columns: Vec<String> = figures
                .iter()
                .zip(&aliases)
                .map(|(expression, alias)| format!("{} as {alias}", figure(expression)))
                .collect();
            format!(
                "select k, {}, {} from (select k, {}, percentile_cont(array[{}]) within group (order by d::double precision) as p from ({inner}) d group by k) q",
                aliases.join(", "),
                parts.join(", "),
                columns.join(", "),
                fractions.join(", ")
            )
        }
        Dialect::Sqlite => {
            let quantile = |percent: &u32| {
                let at = format!("(c - 1) * {percent} / 100");
                let rest = format!("(max(c) - 1) * {percent} % 100 / 100.0");
                let next = format!("{at} + ((c - 1) * {percent} % 100 > 0)");
                format!(
                    "(max(case when n = {at} then d end) * (1 - {rest}) + max(case when n = {next} then d end) * ({rest})) / 1e6"
                )
            };
            let quantiles: Vec<String> = percents.iter().map(quantile).collect();
            format!(
                "with visits as ({inner}), ranked as (select *, row_number() over (partition by k order by d nulls last) - 1 as n, \
                 count(d) over (partition by k) as c from visits) select k, {named}, {} from ranked group by k",
                quantiles.join(", ")
            )
        }
    }
}
