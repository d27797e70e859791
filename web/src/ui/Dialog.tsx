/** A dialog on wide screens, a sheet from below on narrow ones. */
import { Drawer, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useIsNarrow } from "./useIsNarrow";
import classes from "./Dialog.module.css";

interface Props {
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: number;
  children: ReactNode;
}

export function Dialog({ title, opened, onClose, size = 480, children }: Props) {
  const isNarrow = useIsNarrow();
  const shared = { title, opened, onClose, classNames: classes, closeButtonProps: { "aria-label": "Close" } };
  if (isNarrow) {
    return (
      <Drawer {...shared} position="bottom" size="auto" radius={10}>
        {children}
      </Drawer>
    );
  }
  return (
    <Modal {...shared} size={size}>
      {children}
    </Modal>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={classes.actions}>{children}</div>;
}
