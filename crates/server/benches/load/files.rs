//! The history that is imported: leads with twelve properties, and five later changes of each.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use tempfile::TempDir;

pub(crate) const STAGES: [&str; 5] = ["new", "contacted", "qualified", "converted", "disqualified"];
pub(crate) const FIRST: &str = "case=@key,name=name,email=email,phone=phone,company=company,stage=stage,source=source,amount=amount,city=city,\
                                country=country,score=score+number,segment=segment+text,time=@time";
pub(crate) const CHANGES: &str = "case=@key,stage=stage,amount=amount,time=@time";
const CHANGES_EACH: u64 = 5;

/// Where the files are, until this is dropped.
pub(crate) struct Files {
    pub(crate) first: PathBuf,
    pub(crate) changes: PathBuf,
    _folder: TempDir,
}

pub(crate) fn write(leads: u64) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let (first, changes) = (
        folder.path().join("first.csv"),
        folder.path().join("changes.csv"),
    );
    let mut file = BufWriter::new(File::create(&first).unwrap());
    writeln!(
        file,
        "case,name,email,phone,company,stage,source,amount,city,country,score,segment,time"
    )
    .unwrap();
    for lead in 0..leads {
        let (city, source) = (
            ["Utrecht", "Lyon", "Lagos", "Osaka"][lead as usize % 4],
            ["website", "event", "referral"][lead as usize % 3],
        );
        writeln!(
            file,
            "{lead},Lead {lead},lead{lead}@example.com,+31 20 {lead:07},Company {},new,{source},{},{city},Country {},{},segment {},2024-{:02}-{:02}T09:{:02}:00Z",
            lead / 3,
            500 + lead % 9_000,
            lead % 12,
            lead % 100,
            lead % 9,
            1 + lead % 12,
            1 + lead % 28,
            lead % 60
        )
        .unwrap();
    }
    file.flush().unwrap();
    let mut file = BufWriter::new(File::create(&changes).unwrap());
    writeln!(file, "case,stage,amount,time").unwrap();
    for lead in 0..leads {
        for change in 0..CHANGES_EACH {
            let stage = STAGES[((lead + change) % STAGES.len() as u64) as usize];
            writeln!(
                file,
                "{lead},{stage},{},2025-{:02}-{:02}T10:{:02}:00Z",
                1_000 + (lead + change) % 9_000,
                1 + change * 2,
                1 + lead % 28,
                lead % 60
            )
            .unwrap();
        }
    }
    file.flush().unwrap();
    Files {
        first,
        changes,
        _folder: folder,
    }
}
