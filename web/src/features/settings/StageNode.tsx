/** A stage in the graph: arrows are drawn from its dot, or chosen in its menu. */
import { Menu } from "@mantine/core";
import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { t } from "i18next";
import { colored } from "../../ui/palette";
import { Tag } from "../../ui/Tag";
import { NODE } from "./graph";
import type { SavedStage } from "./lifecycle";
import classes from "./MoveGraph.module.css";

export type StageBox = Node<
  {
    label: string;
    color: string | null;
    /** Where new records come from, which is no stage. */
    isStart: boolean;
    /** Open, won or lost, in words. */
    kind: string | null;
    /** What it is called with where it leads. */
    name: string;
    /** Where it could lead; null where nothing can be changed. */
    targets: (SavedStage & { isAllowed: boolean })[] | null;
    onToggle: (to: string, isAllowed: boolean) => void;
  },
  "stage"
>;

const DOT = 14;

/** Where arrows are drawn from, and the whole of it for where they are drawn to. */
export const HANDLES: NonNullable<StageBox["handles"]> = [
  {
    type: "source",
    position: Position.Right,
    x: NODE.width - DOT / 2,
    y: (NODE.height - DOT) / 2,
    width: DOT,
    height: DOT,
  },
  { type: "target", position: Position.Left, x: 0, y: 0, ...NODE },
];

export function StageNode({ data, isConnectable }: NodeProps<StageBox>) {
  const { label, color, isStart, kind, name, targets, onToggle } = data;
  const face = (
    <>
      <span className={classes.label}>
        {!isStart && <span className={classes.dot} />}
        <span className={classes.text}>{label}</span>
      </span>{" "}
      {kind !== null && <span className={classes.kind}>{kind}</span>}
    </>
  );
  return (
    <div className={classes.stage} data-start={isStart || undefined} {...colored(color)}>
      {targets === null ? (
        <div className={classes.face} role="img" aria-label={name}>
          {face}
        </div>
      ) : (
        <Menu position="bottom-start" closeOnItemClick={false}>
          <Menu.Target>
            <button type="button" className={`${classes.face} nopan`} aria-label={name}>
              {face}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t("settings:allowMoveTo")}</Menu.Label>
            {targets.map((to) => (
              <Menu.CheckboxItem
                key={to.value}
                checked={to.isAllowed}
                onChange={(isAllowed) => onToggle(to.value, isAllowed)}
              >
                <Tag color={to.color}>{to.label}</Tag>
              </Menu.CheckboxItem>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {!isStart && (
        <Handle
          className={classes.into}
          type="target"
          position={Position.Left}
          isConnectable={isConnectable}
          isConnectableStart={false}
        />
      )}
      <Handle
        className={classes.from}
        type="source"
        position={Position.Right}
        isConnectable={isConnectable}
        isConnectableEnd={false}
        aria-hidden
      />
    </div>
  );
}
