/** Text of many lines. */
import { onDemand } from "../ui/onDemand";
import { faint, type Field, plainText, type ShowProps } from "./field";
import classes from "./fields.module.css";

const Edit = onDemand(() => import("./LongTextEdit").then((module) => module.LongTextEdit));

function Show({ value, plain }: ShowProps) {
  return plain ? <>{plainText(value)}</> : <span className={classes.lines}>{plainText(value)}</span>;
}

export const longText: Field = { Show, Edit, asText: plainText, tone: faint, align: "start" };
