/** A point in time: short on the page, exact on hover, machine-readable in the document. */
import { t } from "i18next";
import { formatDay, formatExact, formatMoment, formatShortDay } from "./time";

interface Props {
  at: string;
  /** `day`: "1 Feb 2026"; `short`: "1 Feb"; `moment` (default): "1 Feb, 09:12". */
  as?: "day" | "short" | "moment";
  /** When it was recorded, where that is told apart. */
  recordedAt?: string;
}

const FORMATS = { day: formatDay, short: formatShortDay, moment: formatMoment };

export function Moment({ at, as = "moment", recordedAt }: Props) {
  const title = recordedAt
    ? t("ui:recorded", { at: formatExact(at), recordedAt: formatExact(recordedAt) })
    : formatExact(at);
  return (
    <time dateTime={at} title={title}>
      {FORMATS[as](at)}
    </time>
  );
}
