/** The moves of a lifecycle as a graph that is edited by drawing. This file is loaded only where one is shown. */
import { ReactFlow, type Connection, type EdgeChange } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { t } from "i18next";
import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Flow } from "../../api/reports";
import type { ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { listed, nounOf, nounsOf } from "../../texts/words";
import { boundsOf, NODE, placesOf, routeOf, thicknessOf } from "./graph";
import { GraphControls } from "./GraphControls";
import { allowed, allows, forbidden, movesOf, type Move, type SavedStage, type Transitions } from "./lifecycle";
import { MoveEdge, type MoveArrow } from "./MoveEdge";
import classes from "./MoveGraph.module.css";
import { HANDLES, StageNode, type StageBox } from "./StageNode";

interface Props {
  object: ObjectType;
  stages: SavedStage[];
  transitions: Transitions;
  /** Of the last 90 days. */
  flows: Flow[];
  isReadOnly: boolean;
  onChange: (transitions: Transitions) => void;
}

const nodeTypes = { stage: StageNode };
const edgeTypes = { move: MoveEdge };

/** Beside what is drawn, so that arcs and the controls have room. */
const ROOM_PX = 84;
const LOWEST_PX = 250;
const HIGHEST_PX = 460;

/** A value may be any text, also that of another id. */
const START = "start";
const idOf = (value: string | null): string => (value === null ? START : `stage ${value}`);
const valueOf = (id: string): string | null => (id === START ? null : id.slice("stage ".length));
const edgeIdOf = ({ from, to }: { from: string | null; to: string }): string => JSON.stringify([from, to]);

export function MoveGraph({ object, stages, transitions, flows, isReadOnly, onChange }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const canEdit = !isReadOnly && transitions !== "any";
  const places = useMemo(() => placesOf(stages), [stages]);
  const moves = useMemo(() => movesOf(transitions, stages, flows), [transitions, stages, flows]);

  // The library says that it is an application, of which readers would tell nothing but the controls.
  useLayoutEffect(() => root.current?.setAttribute("role", "group"), []);

  const labelOf = (value: string | null) =>
    value === null ? t("settings:newRecord") : (stages.find((stage) => stage.value === value)?.label ?? value);
  const nameOf = ({ from, to }: { from: string | null; to: string }) =>
    t("settings:move", { from: labelOf(from), to: labelOf(to) });

  const allow = (from: string | null, to: string) => {
    if (!canEdit) return;
    setSaid(t("settings:moveAllowed", { move: nameOf({ from, to }) }));
    onChange(allowed(transitions, from, to));
  };
  const forbid = (from: string | null, to: string) => {
    if (!canEdit) return;
    setSaid(t("settings:moveForbidden", { move: nameOf({ from, to }) }));
    onChange(forbidden(transitions, from, to));
  };
  const toggle = ({ from, to, isAllowed }: Move) => {
    if (isAllowed) forbid(from, to);
    else allow(from, to);
    setChosen(null);
    // The arrow that had the focus may be gone.
    const nodes = root.current?.querySelectorAll<HTMLElement>(".react-flow__node") ?? [];
    [...nodes]
      .find(({ dataset }) => dataset.id === idOf(from))
      ?.querySelector("button")
      ?.focus();
  };

  const most = Math.max(0, ...moves.map(({ records }) => records));
  const routed = moves.flatMap((move) => {
    const [from, to] = [places.get(move.from), places.get(move.to)];
    const thickness = thicknessOf(move.records, most);
    return from && to ? [{ move, thickness, route: routeOf(from, to, thickness) }] : [];
  });
  const bounds = boundsOf(
    places.values(),
    routed.map(({ route }) => route),
  );
  const height = Math.min(HIGHEST_PX, Math.max(LOWEST_PX, bounds.bottom - bounds.top + ROOM_PX));

  const nodes = [...places].map(([value, { x, y }]): StageBox => {
    const stage = stages.find((one) => one.value === value);
    const targets = stages.filter((to) => to.value !== value && allows(transitions, value, to.value));
    const kind = value === null ? null : categoryName(stage?.category);
    // As it is to be read.
    const shown = [labelOf(value), kind].filter(Boolean).join(" ");
    return {
      id: idOf(value),
      type: "stage",
      position: { x, y },
      ...NODE,
      handles: value === null ? HANDLES.slice(0, 1) : HANDLES,
      selectable: false,
      ariaRole: "presentation",
      // The library describes its own keys, which are not these, and lets nothing be clicked that is not selectable.
      domAttributes: { "aria-roledescription": undefined, "aria-describedby": undefined },
      style: { pointerEvents: "all" },
      data: {
        label: labelOf(value),
        color: stage?.color ?? null,
        isStart: value === null,
        kind,
        name:
          targets.length === 0
            ? t("settings:leadsNowhere", { stage: shown })
            : t("settings:leadsTo", { stage: shown, stages: listed(targets.map(({ label }) => label)) }),
        targets: canEdit
          ? stages
              .filter((to) => to.value !== value)
              .map((to) => ({ ...to, isAllowed: targets.some((one) => one.value === to.value) }))
          : null,
        onToggle: (to, isAllowed) => (isAllowed ? allow(value, to) : forbid(value, to)),
      },
    };
  });

  const edges = routed.map(({ move, thickness, route }): MoveArrow => {
    const id = edgeIdOf(move);
    const noun = move.records === 1 ? nounOf(object) : nounsOf(object);
    const figures = t("settings:madeBy", { count: move.records, figure: formatCount(move.records), noun });
    return {
      id,
      type: "move",
      source: idOf(move.from),
      target: idOf(move.to),
      selected: id === chosen,
      ariaRole: canEdit ? "button" : "img",
      ariaLabel: [nameOf(move), figures, ...(move.isAllowed ? [] : [t("settings:noLongerAllowed")])].join(", "),
      domAttributes: { "aria-roledescription": undefined },
      data: {
        route,
        thickness,
        figure: move.records > 0 ? formatCount(move.records) : null,
        isAllowed: move.isAllowed,
        act: !canEdit
          ? null
          : {
              label: t(move.isAllowed ? "settings:forbidMove" : "settings:allowMove", { move: nameOf(move) }),
              onAct: () => toggle(move),
            },
      },
    };
  });

  const onEdgesChange = (changes: EdgeChange<MoveArrow>[]) => {
    for (const change of changes) {
      if (change.type !== "select") continue;
      if (change.selected) setChosen(change.id);
      else setChosen((before) => (before === change.id ? null : before));
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const { target, currentTarget } = event;
    if (event.key !== "Delete" && event.key !== "Backspace") return;
    // What floats above belongs to it only for React.
    if (!(target instanceof Element) || !currentTarget.contains(target)) return;
    const id = target.closest(".react-flow__edge")?.getAttribute("data-id") ?? chosen;
    const move = moves.find((one) => edgeIdOf(one) === id);
    if (!move?.isAllowed || !canEdit) return;
    event.preventDefault();
    toggle(move);
  };

  const isNew = ({ source, target }: Connection | MoveArrow) => {
    const to = valueOf(target);
    return to !== null && source !== target && !allows(transitions, valueOf(source), to);
  };

  return (
    <div className={classes.graph} style={{ height }}>
      <ReactFlow
        ref={root}
        aria-label={t("settings:movesGraph")}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesFocusable={false}
        nodesConnectable={canEdit}
        edgesFocusable={canEdit}
        elementsSelectable={canEdit}
        connectionRadius={24}
        connectOnClick={false}
        isValidConnection={isNew}
        onConnect={({ source, target }) => {
          const to = valueOf(target);
          if (to !== null) allow(valueOf(source), to);
        }}
        onEdgesChange={onEdgesChange}
        onKeyDown={onKeyDown}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        minZoom={0.3}
        maxZoom={1.5}
        // The page scrolls under the wheel; with Ctrl, or two fingers, the graph is zoomed.
        zoomOnScroll={false}
        preventScrolling={false}
        zoomOnDoubleClick={false}
        ariaLabelConfig={{ "edge.a11yDescription.default": t("settings:arrowKeys") }}
      >
        <GraphControls bounds={bounds} />
      </ReactFlow>
      <p className="hidden-text" role="status">
        {said}
      </p>
    </div>
  );
}

function categoryName(category: string | null | undefined): string {
  switch (category) {
    case "won":
      return t("settings:categories.won");
    case "lost":
      return t("settings:categories.lost");
    default:
      return t("settings:categories.open");
  }
}
