/** A short walk past a few controls: each is pointed at with a word on what it is for. Escape ends it at any step. */
import { Button, Popover } from "@mantine/core";
import { t } from "i18next";
import { useEffect, useId, useRef, useState } from "react";
import classes from "./Tour.module.css";
import { useSpot, type Spot } from "./useSpot";

export interface Step {
  /** The control, by its `data-tour`. */
  at: string;
  title: string;
  text: string;
  /** Opens the page on which the control stands. */
  open?: () => void;
}

interface Props {
  steps: Step[];
  onEnd: () => void;
}

export function Tour({ steps, onEnd }: Props) {
  const [index, setIndex] = useState(0);
  const [opener] = useState(() => document.activeElement);
  const step = steps[index];
  const spot = useSpot(step?.at ?? "");
  useEffect(() => {
    return () => {
      const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected;
      (isThere ? opener : document.getElementById("content"))?.focus();
    };
  }, [opener]);
  const go = (to: number) => {
    steps[to]?.open?.();
    setIndex(to);
  };
  if (!step || !spot) return null;
  return (
    <Stop
      key={step.at + step.title}
      step={step}
      spot={spot}
      place={t("start:step", { place: index + 1, count: steps.length })}
      onBack={index > 0 ? () => go(index - 1) : undefined}
      onNext={index < steps.length - 1 ? () => go(index + 1) : undefined}
      onEnd={onEnd}
    />
  );
}

interface StopProps {
  step: Step;
  spot: Spot;
  place: string;
  onBack?: () => void;
  /** Absent at the last one. */
  onNext?: () => void;
  onEnd: () => void;
}

function Stop({ step, spot, place, onBack, onNext, onEnd }: StopProps) {
  const id = useId();
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // What a page that just came does with the focus goes first.
    const frame = requestAnimationFrame(() => next.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <Popover
      opened
      position="bottom"
      width={300}
      withArrow
      withRoles={false}
      trapFocus
      closeOnClickOutside={false}
      transitionProps={{ duration: 0 }}
      onChange={(isOpened) => {
        if (!isOpened) onEnd();
      }}
    >
      <Popover.Target>
        <span className={classes.spot} style={spot} />
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        tabIndex={-1}
        className={classes.stop}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
      >
        <p className="quiet">{place}</p>
        <h2 id={`${id}-title`} className={classes.title}>
          {step.title}
        </h2>
        <p id={`${id}-text`}>{step.text}</p>
        <div className={classes.actions}>
          {onNext && (
            <Button variant="subtle" color="gray" onClick={onEnd}>
              {t("start:endTour")}
            </Button>
          )}
          <span className={classes.space} />
          {onBack && <Button onClick={onBack}>{t("start:back")}</Button>}
          <Button ref={next} variant="filled" data-autofocus onClick={onNext ?? onEnd}>
            {onNext ? t("start:next") : t("start:done")}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
