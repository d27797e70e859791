/** The widgets on a grid of twelve columns, or one below the other where there is less room. While the dashboard is changed they are moved and
 * resized: with the pointer, or with the arrow keys on their handles. */
import { t } from "i18next";
import { useLayoutEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent } from "react";
import type { Widget } from "../../api/dashboards";
import type { AsOf } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { GripIcon } from "../../ui/icons";
import classes from "./Dashboard.module.css";
import { COLUMNS, nudged, placed, type Direction, type Place } from "./layout";
import { nameOf } from "./widgets";
import { WidgetCard, type RenderReport } from "./WidgetCard";

/** As in the style sheet. */
const ROW_PX = 104;
const GAP_PX = 12;
/** What the heading and the edges of a card take. */
const HEAD_PX = 62;

interface Props {
  widgets: Widget[];
  objects: ObjectType[];
  asOf: AsOf;
  now: Date;
  report: RenderReport;
  /** While the dashboard is changed. */
  editing?: {
    onChange: (widgets: Widget[]) => void;
    onEdit: (widget: Widget) => void;
    onRemove: (widget: Widget) => void;
  };
}

const DIRECTIONS: Partial<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

export function Grid({ widgets, objects, asOf, now, report, editing }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const focused = useRef<string | null>(null);
  const [said, setSaid] = useState("");
  // As they are read: from the top, line by line.
  const order = [...widgets].sort((a, b) => a.y - b.y || a.x - b.x);

  // A widget that takes another place in the document loses the focus.
  useLayoutEffect(() => {
    if (focused.current === null) return;
    grid.current?.querySelector<HTMLElement>(`[data-handle="${focused.current}"]`)?.focus();
    focused.current = null;
  });

  const onKeyDown = (widget: Widget) => (event: KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    if (!direction || !editing) return;
    event.preventDefault();
    const next = event.shiftKey
      ? placed(widgets, widget.id, resized(widget, direction))
      : nudged(widgets, widget.id, direction);
    const after = next.find(({ id }) => id === widget.id) ?? widget;
    focused.current = widget.id;
    setSaid(
      t("dashboard:placed", {
        title: nameOf(widget, objects),
        column: after.x + 1,
        row: after.y + 1,
        width: after.w,
        height: after.h,
      }),
    );
    editing.onChange(next);
  };
  /** Follows the pointer in steps of the grid. */
  const onPointerDown = (widget: Widget, what: "move" | "resize") => (event: PointerEvent<HTMLElement>) => {
    const width = grid.current?.clientWidth;
    if (!editing || width === undefined || event.button !== 0) return;
    event.preventDefault();
    const target = event.currentTarget;
    target.focus();
    target.setPointerCapture(event.pointerId);
    const [left, top] = [event.clientX, event.clientY];
    const column = (width + GAP_PX) / COLUMNS;
    const follow = ({ clientX, clientY }: globalThis.PointerEvent) => {
      const [dx, dy] = [Math.round((clientX - left) / column), Math.round((clientY - top) / (ROW_PX + GAP_PX))];
      const wish: Partial<Place> =
        what === "move" ? { x: widget.x + dx, y: widget.y + dy } : { w: widget.w + dx, h: widget.h + dy };
      editing.onChange(placed(widgets, widget.id, wish));
    };
    const end = () => {
      target.removeEventListener("pointermove", follow);
      target.removeEventListener("pointerup", end);
      target.removeEventListener("pointercancel", end);
    };
    target.addEventListener("pointermove", follow);
    target.addEventListener("pointerup", end);
    target.addEventListener("pointercancel", end);
  };

  return (
    <>
      <div ref={grid} className={classes.grid} data-editing={editing !== undefined || undefined}>
        {order.map((widget) => (
          <div key={widget.id} className={classes.cell} style={placeOf(widget)} data-kind={widget.kind}>
            <WidgetCard
              widget={widget}
              objects={objects}
              asOf={asOf}
              now={now}
              heightPx={widget.h * ROW_PX + (widget.h - 1) * GAP_PX - HEAD_PX}
              report={report}
              editing={
                editing && {
                  handle: (
                    <button
                      type="button"
                      className={classes.handle}
                      data-handle={widget.id}
                      aria-label={t("dashboard:move", { title: nameOf(widget, objects) })}
                      onKeyDown={onKeyDown(widget)}
                      onPointerDown={onPointerDown(widget, "move")}
                    >
                      <GripIcon size={14} />
                    </button>
                  ),
                  corner: (
                    <span className={classes.corner} aria-hidden onPointerDown={onPointerDown(widget, "resize")} />
                  ),
                  onEdit: () => editing.onEdit(widget),
                  onRemove: () => editing.onRemove(widget),
                }
              }
            />
          </div>
        ))}
      </div>
      <p className="hidden-text" role="status">
        {said}
      </p>
    </>
  );
}

function resized({ w, h }: Place, direction: Direction): Partial<Place> {
  switch (direction) {
    case "left":
      return { w: w - 1 };
    case "right":
      return { w: w + 1 };
    case "up":
      return { h: h - 1 };
    case "down":
      return { h: h + 1 };
  }
}

const placeOf = ({ x, y, w, h }: Place) => ({ "--x": x + 1, "--y": y + 1, "--w": w, "--h": h }) as CSSProperties;
