/** How a graph is looked at: it fits what it stands in until somebody moves it, and follows the focus. */
import { ActionIcon } from "@mantine/core";
import { Panel, useReactFlow, useStore, type Viewport } from "@xyflow/react";
import { t } from "i18next";
import { useEffect, useRef } from "react";
import { Icon, PlusIcon } from "../../ui/icons";
import { revealed, viewportOf, type Bounds } from "./graph";
import classes from "./MoveGraph.module.css";

export function GraphControls({ bounds: { left, top, right, bottom } }: { bounds: Bounds }) {
  const { getNode, getViewport, setViewport, zoomIn, zoomOut } = useReactFlow();
  const root = useStore(({ domNode }) => domNode);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const fitted = useRef<Viewport>(null);

  const fit = () => {
    fitted.current = viewportOf({ left, top, right, bottom }, width, height);
    void setViewport(fitted.current);
  };

  useEffect(() => {
    const isMoved = fitted.current !== null && !isSame(fitted.current, getViewport());
    if (isMoved || width === 0 || height === 0) return;
    fitted.current = viewportOf({ left, top, right, bottom }, width, height);
    void setViewport(fitted.current);
  }, [getViewport, setViewport, left, top, right, bottom, width, height]);

  useEffect(() => {
    const follow = ({ target }: FocusEvent) => {
      if (!(target instanceof Element) || !target.matches(":focus-visible")) return;
      const node = getNode(target.closest(".react-flow__node")?.getAttribute("data-id") ?? "");
      const box = node
        ? { ...node.position, width: node.width ?? 0, height: node.height ?? 0 }
        : target instanceof SVGGraphicsElement
          ? target.getBBox()
          : null;
      if (box) void setViewport(revealed(box, getViewport(), width, height));
    };
    root?.addEventListener("focusin", follow);
    return () => root?.removeEventListener("focusin", follow);
  }, [root, getNode, getViewport, setViewport, width, height]);

  return (
    <Panel position="bottom-left" className={classes.controls}>
      <ActionIcon variant="default" size={26} aria-label={t("settings:zoomIn")} onClick={() => void zoomIn()}>
        <PlusIcon size={12} />
      </ActionIcon>
      <ActionIcon variant="default" size={26} aria-label={t("settings:zoomOut")} onClick={() => void zoomOut()}>
        <Icon size={12}>
          <path d="M3.500 8h9" />
        </Icon>
      </ActionIcon>
      <ActionIcon variant="default" size={26} aria-label={t("settings:zoomToFit")} onClick={fit}>
        <Icon size={12}>
          <path d="M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10" />
        </Icon>
      </ActionIcon>
    </Panel>
  );
}

const isSame = (left: Viewport, right: Viewport): boolean =>
  Math.abs(left.x - right.x) < 1 && Math.abs(left.y - right.y) < 1 && Math.abs(left.zoom - right.zoom) < 0.001;
