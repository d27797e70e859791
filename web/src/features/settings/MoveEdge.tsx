/** A move as an arrow: as thick as it is frequent, dashed where it was made before it was forbidden. */
import { BaseEdge, EdgeLabelRenderer, useStore, type Edge, type EdgeProps, type ReactFlowState } from "@xyflow/react";
import { CloseIcon, PlusIcon } from "../../ui/icons";
import type { Route } from "./graph";
import classes from "./MoveGraph.module.css";

export type MoveArrow = Edge<
  {
    route: Route;
    thickness: number;
    /** How many records made it; null for none. */
    figure: string | null;
    isAllowed: boolean;
    /** Forbids it, or allows it again; null where nothing can be changed. */
    act: { label: string; onAct: () => void } | null;
  },
  "move"
>;

/** Of what can be hit. */
const HIT_PX = 24;

/** What brings something back to its size where the graph is drawn smaller. */
const enlargement = ({ transform: [, , zoom] }: ReactFlowState) => Math.max(1, 1 / zoom);

export function MoveEdge({ data, selected }: EdgeProps<MoveArrow>) {
  const scale = useStore(enlargement);
  if (!data) return null;
  const { route, thickness, figure, isAllowed, act } = data;
  const [x, y] = route.label;
  const isActing = selected === true && act !== null;
  return (
    <g className={classes.move} data-past={!isAllowed || undefined} data-used={figure !== null || undefined}>
      <BaseEdge path={route.path} interactionWidth={HIT_PX} style={{ strokeWidth: thickness }} />
      <path className={classes.head} d={route.head} />
      {(figure !== null || isActing) && (
        <EdgeLabelRenderer>
          <div
            className={classes.figure}
            data-past={!isAllowed || undefined}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${isActing ? scale : 1})` }}
          >
            {figure !== null && <span aria-hidden>{figure}</span>}
            {isActing && (
              <button type="button" className={`${classes.act} nopan`} aria-label={act.label} onClick={act.onAct}>
                {isAllowed ? <CloseIcon size={12} /> : <PlusIcon size={12} />}
              </button>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </g>
  );
}
