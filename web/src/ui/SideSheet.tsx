/** A longer form beside the page that it belongs to: at the side on wide screens, from below on narrow ones. */
import { Drawer } from "@mantine/core";
import { t } from "i18next";
import type { ReactNode } from "react";
import classes from "./SideSheet.module.css";
import { useIsNarrow } from "./useIsNarrow";

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

export function SideSheet({ title, onClose, children }: Props) {
  const isNarrow = useIsNarrow();
  return (
    <Drawer
      opened
      onClose={onClose}
      title={title}
      position={isNarrow ? "bottom" : "right"}
      size={isNarrow ? "92dvh" : 460}
      closeButtonProps={{ "aria-label": t("ui:close") }}
      classNames={classes}
    >
      {children}
    </Drawer>
  );
}
