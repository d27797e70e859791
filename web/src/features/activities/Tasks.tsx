/** What is to be done, one's own or the team's: as a list by when it is due, or in a calendar. */
import { SegmentedControl } from "@mantine/core";
import { t } from "i18next";
import type { AsOf } from "../../api/records";
import type { Me } from "../../api/types";
import { onDemand } from "../../ui/onDemand";
import { TaskList } from "./TaskList";
import classes from "./Tasks.module.css";

const Calendar = onDemand(() => import("./Calendar").then((module) => module.Calendar));

/** What the URL keeps of how tasks are looked at. */
export interface TasksView {
  whose?: "team";
  status?: "done";
  as?: "calendar";
  month?: string;
  week?: string;
}

interface Props {
  me: Me;
  asOf: AsOf;
  mayWrite: boolean;
  view: TasksView;
  onView: (part: TasksView) => void;
}

export function Tasks({ me, asOf, mayWrite, view, onView }: Props) {
  const isMine = view.whose !== "team";
  const isDone = view.status === "done";
  const isCalendar = view.as === "calendar";
  const shared = { me, asOf, isMine, isReadOnly: asOf !== null || !mayWrite };
  return (
    <section className={classes.page} aria-label={t("shell:tasks")}>
      <div className={classes.toolbar}>
        <SegmentedControl
          aria-label={t("activities:whose")}
          value={isMine ? "mine" : "team"}
          data={[
            { value: "mine", label: t("activities:mine") },
            { value: "team", label: t("activities:team") },
          ]}
          onChange={(value) => onView({ whose: value === "team" ? "team" : undefined })}
        />
        {!isCalendar && (
          <SegmentedControl
            aria-label={t("activities:status")}
            value={isDone ? "done" : "open"}
            data={[
              { value: "open", label: t("activities:open") },
              { value: "done", label: t("activities:done") },
            ]}
            onChange={(value) => onView({ status: value === "done" ? "done" : undefined })}
          />
        )}
        <span className={classes.space} />
        <SegmentedControl
          aria-label={t("activities:as")}
          value={isCalendar ? "calendar" : "list"}
          data={[
            { value: "list", label: t("activities:asList") },
            { value: "calendar", label: t("activities:asCalendar") },
          ]}
          onChange={(value) => onView({ as: value === "calendar" ? "calendar" : undefined })}
        />
      </div>
      {isCalendar ? (
        <Calendar {...shared} stretch={view} onStretch={({ month, week }) => onView({ month, week })} />
      ) : (
        <TaskList {...shared} isDone={isDone} />
      )}
    </section>
  );
}
