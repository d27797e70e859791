/** The tour through the app's own pages: what is shown there, and that it is over once it has been seen or left. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { stageOf } from "../api/objects";
import { suggestionsQuery } from "../api/records";
import type { ObjectType } from "../api/types";
import { modifier } from "../features/palette/KeysDialog";
import { usePrefer } from "../features/shell/usePreferences";
import { Tour, type Step } from "../features/tour/Tour";
import { setTour } from "../ui/tour";
import { useIsNarrow } from "../ui/useIsNarrow";

export function Guide({ objects }: { objects: ObjectType[] }) {
  const navigate = useNavigate();
  const prefer = usePrefer();
  const isNarrow = useIsNarrow();
  const object = objects.find((one) => stageOf(one) !== undefined);
  const { data: records, isPending } = useQuery(suggestionsQuery(object?.name ?? "", ""));
  // Without a record there is no history to show.
  const [record] = records ?? [];
  if (object && isPending) return null;

  const step = (at: string, name: "time" | "views" | "history" | "search" | "keys", open?: () => void): Step => ({
    at,
    title: t(`start:tour.${name}.title`),
    text: t(`start:tour.${name}.text`, { keys: `${modifier()} K` }),
    open,
  });
  const toList = object && (() => void navigate({ to: "/objects/$object", params: { object: object.name } }));
  const toRecord =
    object &&
    record &&
    (() => void navigate({ to: "/objects/$object/$recordId", params: { object: object.name, recordId: record.id } }));
  const steps = [
    step("time", "time"),
    ...(toList ? [step("views", "views", toList)] : []),
    ...(toRecord ? [step("stages", "history", toRecord)] : []),
    step("search", "search"),
    ...(isNarrow ? [] : [step("search", "keys")]),
  ];
  return (
    <Tour
      steps={steps}
      onEnd={() => {
        setTour(false);
        prefer({ tourDone: true });
      }}
    />
  );
}
