/** A panel that opens at a control and holds controls of its own. It stays while their lists, which float beside it, are used. */
import { Popover, type PopoverProps } from "@mantine/core";
import { useEffect, useRef, type ReactElement, type ReactNode } from "react";
import classes from "./Panel.module.css";

interface Props {
  opened: boolean;
  onClose: () => void;
  /** What it opens at: one element that takes a ref. */
  target: ReactElement;
  width?: number;
  position?: PopoverProps["position"];
  label: string;
  children: ReactNode;
}

export function Panel({ opened, onClose, target, width = 320, position = "bottom-start", label, children }: Props) {
  const dropdown = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  }, [onClose]);

  useEffect(() => {
    if (!opened) return;
    const onPointerDown = ({ target: under }: PointerEvent) => {
      // Lists and calendars of the controls inside are drawn elsewhere in the document.
      const isInside = under instanceof Element && under.closest("[data-portal]") !== null;
      if (!isInside) close.current();
    };
    document.addEventListener("pointerdown", onPointerDown);
    return () => document.removeEventListener("pointerdown", onPointerDown);
  }, [opened]);

  return (
    <Popover
      opened={opened}
      onChange={(next) => {
        if (!next) onClose();
      }}
      closeOnClickOutside={false}
      position={position}
      width={width}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown ref={dropdown} className={classes.panel} aria-label={label}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
