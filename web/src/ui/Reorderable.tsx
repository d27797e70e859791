/** A list whose items are put in order: dragged by their handles, or moved with the arrow keys on them. */
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { t } from "i18next";
import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { GripIcon } from "./icons";
import classes from "./Reorderable.module.css";

interface Props<T> {
  items: T[];
  keyOf: (item: T) => string;
  labelOf: (item: T) => string;
  label: string;
  /** The order cannot be changed: there are no handles. */
  isFixed?: boolean;
  onMove: (from: number, to: number) => void;
  children: (item: T, index: number) => ReactNode;
}

export function Reorderable<T>({ items, keyOf, labelOf, label, isFixed = false, onMove, children }: Props<T>) {
  const list = useId();
  const root = useRef<HTMLOListElement>(null);
  const moved = useRef<string | null>(null);
  const [said, setSaid] = useState("");

  const move = (from: number, to: number) => {
    const item = items[from];
    if (item === undefined || to < 0 || to >= items.length || from === to) return;
    moved.current = keyOf(item);
    setSaid(t("ui:reordered", { label: labelOf(item), place: to + 1, count: items.length }));
    onMove(from, to);
  };

  // An element that is put elsewhere in the document loses the focus.
  useLayoutEffect(() => {
    if (moved.current === null) return;
    const handles = root.current?.querySelectorAll<HTMLElement>("[data-handle]") ?? [];
    [...handles].find(({ dataset }) => dataset.handle === moved.current)?.focus();
    moved.current = null;
  });

  return (
    <>
      <ol ref={root} className={classes.list} aria-label={label}>
        {items.map((item, index) => (
          <Item
            key={keyOf(item)}
            id={keyOf(item)}
            list={list}
            index={index}
            label={labelOf(item)}
            isFixed={isFixed}
            onMove={move}
          >
            {children(item, index)}
          </Item>
        ))}
      </ol>
      <p className="hidden-text" role="status">
        {said}
      </p>
    </>
  );
}

interface ItemProps {
  id: string;
  list: string;
  index: number;
  label: string;
  isFixed: boolean;
  onMove: (from: number, to: number) => void;
  children: ReactNode;
}

function Item({ id, list, index, label, isFixed, onMove, children }: ItemProps) {
  const item = useRef<HTMLLIElement>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const [isDragged, setDragged] = useState(false);
  const [edge, setEdge] = useState<"above" | "below" | null>(null);
  const latest = useRef({ index, onMove });
  useEffect(() => {
    latest.current = { index, onMove };
  });

  useEffect(() => {
    const [element, dragHandle] = [item.current, handle.current];
    if (!element || !dragHandle) return;
    const edgeAt = (y: number) => {
      const { top, height } = element.getBoundingClientRect();
      return y < top + height / 2 ? "above" : "below";
    };
    return combine(
      draggable({
        element,
        dragHandle,
        getInitialData: () => ({ list, index: latest.current.index }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.list === list,
        onDrag: ({ location }) => setEdge(edgeAt(location.current.input.clientY)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ source, location }) => {
          setEdge(null);
          const from = Number(source.data.index);
          const own = latest.current.index;
          const gap = edgeAt(location.current.input.clientY) === "above" ? own : own + 1;
          latest.current.onMove(from, gap > from ? gap - 1 : gap);
        },
      }),
    );
  }, [list, isFixed]);

  return (
    <li ref={item} className={classes.item} data-dragged={isDragged || undefined} data-edge={edge ?? undefined}>
      {!isFixed && (
        <button
          ref={handle}
          type="button"
          className={classes.handle}
          data-handle={id}
          aria-label={t("ui:reorder", { label })}
          onKeyDown={(event) => {
            const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
            if (step === 0) return;
            event.preventDefault();
            onMove(index, index + step);
          }}
        >
          <GripIcon size={14} />
        </button>
      )}
      {children}
    </li>
  );
}
