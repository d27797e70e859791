/** What stands where content would be: nothing yet, or a failure. One sentence, what to do, one action. */
import { Button } from "@mantine/core";
import { t } from "i18next";
import type { ReactNode } from "react";
import { ApiError, messageOf } from "../api/problem";
import classes from "./Message.module.css";

interface EmptyProps {
  title: string;
  /** The page has no other heading. */
  isPage?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ title, isPage = false, children, action }: EmptyProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className={classes.message}>
      <svg className={classes.picture} viewBox="0 0 120 40" aria-hidden>
        <path d="M2 32h26v-9h30v-9h28V6h32" />
        <path d="M58 2v36" data-past />
        <circle cx="58" cy="14" r="2.5" data-past />
      </svg>
      <Title className={classes.title}>{title}</Title>
      {children !== undefined && <p className={classes.text}>{children}</p>}
      {action}
    </div>
  );
}

interface FailureProps {
  error: unknown;
  /** What was being done: "The list could not be loaded." */
  title: string;
  onRetry?: () => void;
}

export function Failure({ error, title, onRetry }: FailureProps) {
  const requestId = error instanceof ApiError ? error.problem.requestId : null;
  return (
    <div className={classes.message} role="alert">
      <p className={classes.title}>{title}</p>
      <p className={classes.text}>{messageOf(error)}</p>
      {onRetry && <Button onClick={onRetry}>{t("ui:tryAgain")}</Button>}
      {requestId && <p className={classes.request}>{t("ui:request", { id: requestId })}</p>}
    </div>
  );
}

/** A refusal beside the control that caused it. */
export function Refusal({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <p className={classes.refusal} role="alert">
      {messageOf(error)}
    </p>
  );
}
