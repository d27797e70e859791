/** A widget on its card: its name leads to its report or its records; while the dashboard is changed it is moved, resized, changed, removed. */
import { ActionIcon } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import type { ReactNode } from "react";
import type { Widget } from "../../api/dashboards";
import { requestOf, searchOf } from "../../api/lastingReports";
import type { AsOf } from "../../api/records";
import type { ReportKind, ReportRequest } from "../../api/reports";
import type { ObjectType, Property } from "../../api/types";
import { CloseIcon, PencilIcon } from "../../ui/icons";
import { Funnel, Times } from "./Bars";
import classes from "./Dashboard.module.css";
import { Count, Overdue, Sum } from "./Figures";
import { countedBy, isOfTasks, isReport, nameOf, noteOf, propertyOfWidget } from "./widgets";

/** A report as a chart or a table, so high. */
export type RenderReport = (
  kind: ReportKind,
  request: ReportRequest,
  property: Property,
  how: { heightPx: number; shows: "chart" | "table" },
) => ReactNode;

interface Props {
  widget: Widget;
  objects: ObjectType[];
  asOf: AsOf;
  now: Date;
  /** Room for what stands below the heading. */
  heightPx: number;
  report: RenderReport;
  /** While the dashboard is changed. */
  editing?: { handle: ReactNode; corner: ReactNode; onEdit: () => void; onRemove: () => void };
}

export function WidgetCard({ widget, objects, asOf, now, heightPx, report, editing }: Props) {
  const object = objects.find(({ name }) => name === widget.report.object);
  const title = nameOf(widget, objects);
  const leads = !editing && (object !== undefined || isOfTasks(widget));
  const isFigure = !isReport(widget.kind);
  return (
    <section className={classes.card} data-figure={isFigure || undefined} aria-label={title}>
      <header className={classes.head}>
        {editing?.handle}
        <h2 className={classes.title}>{leads ? <Heading widget={widget} now={now} title={title} /> : title}</h2>
        {!isFigure && object && !editing && <span className={classes.about}>{noteOf(widget, object, asOf, now)}</span>}
        {editing && (
          <span className={classes.tools}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={t("dashboard:edit", { title })}
              onClick={editing.onEdit}
            >
              <PencilIcon size={13} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={t("dashboard:remove", { title })}
              onClick={editing.onRemove}
            >
              <CloseIcon size={13} />
            </ActionIcon>
          </span>
        )}
      </header>
      <div className={classes.body} inert={editing !== undefined}>
        {isOfTasks(widget) ? (
          <Overdue widget={widget} asOf={asOf} now={now} />
        ) : object ? (
          <Content widget={widget} object={object} asOf={asOf} now={now} heightPx={heightPx} report={report} />
        ) : (
          <p className={classes.failed}>{t("dashboard:gone")}</p>
        )}
      </div>
      {editing?.corner}
    </section>
  );
}

interface HeadingProps {
  widget: Widget;
  now: Date;
  title: string;
}

/** A figure leads to its records, a report to its page. */
function Heading({ widget, now, title }: HeadingProps) {
  const { kind } = widget;
  if (isOfTasks(widget)) {
    return (
      <Link className={classes.whole} to="/tasks" search={{ whose: "team" }}>
        {title}
      </Link>
    );
  }
  if (isReport(kind)) {
    return (
      <Link to="/reports/$kind" params={{ kind }} search={searchOf(widget.report)}>
        {title}
      </Link>
    );
  }
  return (
    <Link
      className={classes.whole}
      to="/objects/$object"
      params={{ object: widget.report.object }}
      search={{ filter: countedBy(widget, now).groups }}
    >
      {title}
    </Link>
  );
}

type ContentProps = Omit<Props, "objects" | "editing"> & { object: ObjectType };

function Content({ widget, object, asOf, now, heightPx, report }: ContentProps) {
  const { kind, shows } = widget;
  const property = propertyOfWidget(widget, object);
  if (kind === "count") return <Count widget={widget} object={object} asOf={asOf} now={now} />;
  if (!property) return <p className={classes.failed}>{t("dashboard:gone")}</p>;
  if (kind === "sum") return <Sum widget={widget} object={object} asOf={asOf} now={now} />;
  const request = requestOf(kind, widget.report, asOf, now);
  if (shows !== "table" && kind === "funnel") return <Funnel request={request} stage={property} />;
  if (shows !== "table" && kind === "time-in-value") return <Times request={request} stage={property} />;
  return report(kind, request, property, { heightPx, shows: shows ?? "chart" });
}
