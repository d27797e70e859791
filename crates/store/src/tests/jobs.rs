//! Jobs, their files and errors.

use leadline_engine::ids::{JobId, WorkspaceId};
use leadline_engine::ledger::Actor;
use serde_json::json;

use super::{a_workspace, at, unit};
use crate::jobs::{self, ImportError, Job, JobStatus, Lease};
use crate::testing::each_database;

fn a_job(workspace_id: WorkspaceId, kind: &str) -> Job {
    Job {
        id: JobId::new(),
        workspace_id,
        kind: kind.to_owned(),
        status: JobStatus::Queued,
        options: json!({"object": "leads"}),
        progress: json!({"rows": 0}),
        created_by: Actor::SYSTEM,
        created_at: at(0),
        updated_at: at(0),
        started_at: None,
        finished_at: None,
        lease_owner: None,
        lease_until: None,
        attempts: 0,
    }
}

fn lease(owner: &'static str, now: i64) -> Lease<'static> {
    Lease {
        owner,
        now: at(now),
        until: at(now + 60),
    }
}

#[tokio::test]
async fn a_job_is_taken_renewed_and_finished_by_one_worker() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let job = a_job(workspace, "import");
        let id = job.id;
        unit!(db.write, [job], |tx| jobs::insert(tx, &job)).unwrap();
        assert_eq!(
            unit!(db.read, [], |tx| jobs::get(tx, workspace, id)).unwrap(),
            Some(job.clone())
        );
        assert_eq!(
            unit!(db.write, [], |tx| jobs::take_next(
                tx,
                &["export"],
                lease("a", 1)
            ))
            .unwrap(),
            None
        );

        let taken = unit!(db.write, [], |tx| jobs::take_next(
            tx,
            &["import", "export"],
            lease("a", 1)
        ))
        .unwrap()
        .unwrap();
        assert_eq!(
            (taken.status, taken.attempts, taken.started_at),
            (JobStatus::Running, 1, Some(at(1)))
        );
        assert_eq!(
            unit!(db.write, [], |tx| jobs::take_next(
                tx,
                &["import"],
                lease("b", 2)
            ))
            .unwrap(),
            None
        );
        assert!(
            !unit!(db.write, [], |tx| jobs::renew(
                tx,
                id,
                lease("b", 2),
                &json!({})
            ))
            .unwrap()
        );
        assert!(
            unit!(db.write, [], |tx| jobs::renew(
                tx,
                id,
                lease("a", 30),
                &json!({"rows": 5})
            ))
            .unwrap()
        );

        let stolen = unit!(db.write, [], |tx| jobs::take_next(
            tx,
            &["import"],
            lease("b", 91)
        ))
        .unwrap()
        .unwrap();
        assert_eq!(
            (stolen.attempts, stolen.progress, stolen.started_at),
            (2, json!({"rows": 5}), Some(at(1)))
        );
        let done = JobStatus::Succeeded;
        assert!(
            !unit!(db.write, [], |tx| jobs::finish(
                tx,
                id,
                lease("a", 92),
                done,
                &json!({})
            ))
            .unwrap()
        );
        assert!(unit!(db.write, [], |tx| jobs::give_back(tx, id, lease("b", 92))).unwrap());
        assert!(
            unit!(db.write, [], |tx| jobs::take_next(
                tx,
                &["import"],
                lease("a", 93)
            ))
            .unwrap()
            .is_some()
        );
        assert!(
            unit!(db.write, [], |tx| jobs::finish(
                tx,
                id,
                lease("a", 94),
                done,
                &json!({"rows": 9})
            ))
            .unwrap()
        );
        assert!(
            unit!(db.write, [], |tx| jobs::change_status(
                tx,
                (workspace, id),
                done,
                JobStatus::Undone,
                at(95)
            ))
            .unwrap()
        );
        assert!(
            !unit!(db.write, [], |tx| jobs::change_status(
                tx,
                (workspace, id),
                done,
                JobStatus::Undone,
                at(95)
            ))
            .unwrap()
        );
        let end = unit!(db.read, [], |tx| jobs::get(tx, workspace, id))
            .unwrap()
            .unwrap();
        assert_eq!(
            (end.status, end.finished_at, end.progress),
            (JobStatus::Undone, Some(at(94)), json!({"rows": 9}))
        );
    })
    .await;
}

#[tokio::test]
async fn concurrent_workers_take_different_jobs() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        for _ in 0..6 {
            let job = a_job(workspace, "import");
            unit!(db.write, [job], |tx| jobs::insert(tx, &job)).unwrap();
        }
        let workers = (0..6).map(|_| {
            let db = db.clone();
            async move {
                unit!(db.write, [], |tx| jobs::take_next(
                    tx,
                    &["import"],
                    lease("w", 1)
                ))
                .unwrap()
                .unwrap()
                .id
            }
        });
        let mut taken = futures_util::future::join_all(workers).await;
        taken.sort_unstable();
        taken.dedup();
        assert_eq!(taken.len(), 6);
    })
    .await;
}

#[tokio::test]
async fn jobs_are_listed_newest_first_in_their_workspace() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let (other, _) = a_workspace(&db).await;
        let all = [
            a_job(workspace, "import"),
            a_job(workspace, "export"),
            a_job(workspace, "import"),
        ];
        for job in all.clone() {
            unit!(db.write, [job], |tx| jobs::insert(tx, &job)).unwrap();
        }
        let ids = |jobs: Vec<Job>| jobs.into_iter().map(|job| job.id).collect::<Vec<_>>();
        let both = unit!(db.read, [], |tx| jobs::list(
            tx,
            workspace,
            &["import"],
            None,
            10
        ))
        .unwrap();
        assert_eq!(ids(both), [all[2].id, all[0].id]);
        let before = Some(all[2].id);
        let older = unit!(db.read, [], |tx| jobs::list(
            tx,
            workspace,
            &["import"],
            before,
            10
        ))
        .unwrap();
        assert_eq!(ids(older), [all[0].id]);
        assert_eq!(
            unit!(db.read, [], |tx| jobs::list(
                tx,
                other,
                &["import"],
                None,
                10
            ))
            .unwrap(),
            []
        );
        let id = all[0].id;
        assert_eq!(
            unit!(db.read, [], |tx| jobs::get(tx, other, id)).unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_file_is_kept_in_parts() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let (other, _) = a_workspace(&db).await;
        let job = a_job(workspace, "import");
        let id = job.id;
        unit!(db.write, [job], |tx| jobs::insert(tx, &job)).unwrap();
        for (part, data) in [(0, vec![1_u8; 100_000]), (1, vec![2; 3])] {
            unit!(db.write, [data], |tx| jobs::append_part(
                tx, id, "input", part, &data
            ))
            .unwrap();
        }
        assert_eq!(
            unit!(db.read, [], |tx| jobs::count_parts(
                tx, workspace, id, "input"
            ))
            .unwrap(),
            2
        );
        let first = unit!(db.read, [], |tx| jobs::read_part(
            tx, workspace, id, "input", 0
        ))
        .unwrap();
        assert_eq!(first, Some(vec![1; 100_000]));
        assert_eq!(
            unit!(db.read, [], |tx| jobs::read_part(
                tx, workspace, id, "input", 2
            ))
            .unwrap(),
            None
        );
        assert_eq!(
            unit!(db.read, [], |tx| jobs::read_part(tx, other, id, "input", 0)).unwrap(),
            None
        );
        unit!(db.write, [], |tx| jobs::delete_file(tx, id, "input")).unwrap();
        assert_eq!(
            unit!(db.read, [], |tx| jobs::count_parts(
                tx, workspace, id, "input"
            ))
            .unwrap(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn refused_rows_are_listed_in_the_order_of_the_file() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let job = a_job(workspace, "import");
        let id = job.id;
        unit!(db.write, [job], |tx| jobs::insert(tx, &job)).unwrap();
        let error = |line, ordinal| ImportError {
            line,
            ordinal,
            code: "INVALID_EMAIL".to_owned(),
            message: "is no address".to_owned(),
            column_name: (ordinal == 0).then(|| "mail".to_owned()),
            raw: "a;b".to_owned(),
        };
        let errors = vec![error(9, 0), error(2, 1), error(2, 0)];
        unit!(db.write, [errors], |tx| jobs::append_errors(
            tx, id, &errors
        ))
        .unwrap();
        let all = unit!(db.read, [], |tx| jobs::list_errors(
            tx, workspace, id, None, 10
        ))
        .unwrap();
        assert_eq!(all, [error(2, 0), error(2, 1), error(9, 0)]);
        let rest = unit!(db.read, [], |tx| jobs::list_errors(
            tx,
            workspace,
            id,
            Some((2, 0)),
            1
        ))
        .unwrap();
        assert_eq!(rest, [error(2, 1)]);
        unit!(db.write, [], |tx| jobs::delete_errors(tx, id)).unwrap();
        assert_eq!(
            unit!(db.read, [], |tx| jobs::list_errors(
                tx, workspace, id, None, 10
            ))
            .unwrap(),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn of_units_that_add_to_the_progress_none_overwrites_another() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let job = a_job(workspace, "import");
        let id = job.id;
        unit!(db.write, [job], |tx| jobs::insert(tx, &job)).unwrap();
        unit!(db.write, [], |tx| jobs::take_next(
            tx,
            &["import"],
            lease("a", 1)
        ))
        .unwrap();
        let add = (0..8).map(|_| {
            let db = db.clone();
            async move {
                unit!(db.write, [], |tx| async {
                    let held = jobs::lock_progress(tx, id, lease("a", 2)).await?.unwrap();
                    let rows = held["rows"].as_i64().unwrap() + 1;
                    jobs::renew(tx, id, lease("a", 2), &json!({"rows": rows})).await
                })
                .unwrap()
            }
        });
        assert!(
            futures_util::future::join_all(add)
                .await
                .into_iter()
                .all(|is_held| is_held)
        );
        let held = unit!(db.read, [], |tx| jobs::lock_progress(tx, id, lease("a", 3))).unwrap();
        assert_eq!(held, Some(json!({"rows": 8})));
        let others = unit!(db.read, [], |tx| jobs::lock_progress(tx, id, lease("b", 3))).unwrap();
        assert_eq!(others, None);
    })
    .await;
}
