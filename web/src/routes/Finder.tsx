/** The palette, the keys of every page and the tour, with what they lead to. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import { LEADS } from "../api/conversions";
import type { AsOf } from "../api/records";
import type { Me, ObjectType } from "../api/types";
import { tabsOf, viewsQuery } from "../api/views";
import type { Command } from "../features/palette/Palette";
import { useGlobalKeys } from "../features/palette/useGlobalKeys";
import { usePrefer } from "../features/shell/usePreferences";
import { withTexts } from "../texts/i18n";
import { nounOf } from "../texts/words";
import { onDemand } from "../ui/onDemand";
import { setTour, useTour } from "../ui/tour";

const Palette = onDemand(() => import("../features/palette/Palette").then((module) => module.Palette));
const KeysDialog = onDemand(
  withTexts(() => import("../features/palette/KeysDialog").then((module) => module.KeysDialog)),
);

const Guide = onDemand(withTexts(() => import("./Guide").then((module) => module.Guide)));

/** Views of the object on the page that have keys of their own: `g` and their place. */
const NUMBERED = 9;

interface Props {
  me: Me;
  objects: ObjectType[];
  asOf: AsOf;
  opened: boolean;
  onOpened: (opened: boolean) => void;
  onTravel: (moment: string | null) => void;
  onSignOut: () => void;
}

export function Finder({ me, objects, asOf, opened, onOpened, onTravel, onSignOut }: Props) {
  const navigate = useNavigate();
  const prefer = usePrefer();
  const { object: shown, recordId } = useParams({ strict: false });
  const [showsKeys, setShowsKeys] = useState(false);
  const isTouring = useTour();
  const letters = lettersOf(objects);
  const { data: views } = useQuery(viewsQuery);
  const { own, others } = tabsOf(views ?? [], shown ?? "", me);
  const tabs = [...own, ...others];

  const pages: Command[] = [
    { key: "home", label: t("shell:home"), keys: "G H", run: () => void navigate({ to: "/" }) },
    ...objects.map((object): Command => {
      const letter = letters.get(object.name);
      return {
        key: `list-${object.name}`,
        label: object.pluralLabel,
        keys: letter && `G ${letter.toUpperCase()}`,
        run: () => void navigate({ to: "/objects/$object", params: { object: object.name } }),
      };
    }),
    { key: "tasks", label: t("shell:tasks"), keys: "G T", run: () => void navigate({ to: "/tasks" }) },
    ...(views ?? []).flatMap((view): Command[] => {
      const object = objects.find(({ name }) => name === view.object);
      if (!object) return [];
      const place = tabs.indexOf(view);
      return [
        {
          key: `view-${view.id}`,
          label: t("views:inPalette", { nouns: object.pluralLabel, name: view.name }),
          also: t("views:views"),
          keys: place >= 0 && place < NUMBERED ? `G ${place + 1}` : undefined,
          run: () =>
            void navigate({ to: "/objects/$object", params: { object: object.name }, search: { view: view.id } }),
        },
      ];
    }),
    { key: "reports", label: t("shell:reports"), keys: "G R", run: () => void navigate({ to: "/reports" }) },
    { key: "import", label: t("shell:import"), keys: "G I", run: () => void navigate({ to: "/import" }) },
    { key: "settings", label: t("shell:settings"), keys: "G S", run: () => void navigate({ to: "/settings" }) },
  ];
  const lead = objects.find(({ name }) => name === LEADS && name === shown);
  const commands: Command[] = [
    ...(lead && recordId !== undefined && asOf === null
      ? [
          {
            key: "convert",
            label: t("convert:this", { noun: nounOf(lead) }),
            keys: "C",
            run: () =>
              void navigate({
                to: "/objects/$object/$recordId",
                params: { object: LEADS, recordId },
                search: (before) => ({ ...before, convert: true }),
              }),
          },
        ]
      : []),
    ...(asOf === null
      ? objects.map((object) => ({
          key: `new-${object.name}`,
          label: t("create:new", { noun: nounOf(object) }),
          run: () =>
            void navigate({ to: "/objects/$object", params: { object: object.name }, search: { create: true } }),
        }))
      : [{ key: "now", label: t("time:backToNow"), run: () => onTravel(null) }]),
    ...daysAgo().map(({ days, label }) => ({
      key: `ago-${days}`,
      label,
      run: () => onTravel(new Date(Date.now() - days * 86_400_000).toISOString()),
    })),
    { key: "keys", label: t("palette:keysTitle"), keys: "?", run: () => setShowsKeys(true) },
    { key: "tour", label: t("palette:tour"), run: () => setTour(true) },
    { key: "light", label: t("palette:light"), run: () => prefer({ theme: "light" }) },
    { key: "dark", label: t("palette:dark"), run: () => prefer({ theme: "dark" }) },
    { key: "sign-out", label: t("shell:signOut"), run: onSignOut },
  ];

  useGlobalKeys({
    onPalette: () => onOpened(!opened),
    onKeys: () => setShowsKeys(true),
    places: Object.fromEntries(
      pages.flatMap(({ keys, run }) => (keys ? [[keys.slice(-1).toLowerCase(), run] as const] : [])),
    ),
  });

  return (
    <>
      {opened && (
        <Palette
          objects={objects}
          asOf={asOf}
          pages={pages}
          commands={commands}
          onOpen={(record) =>
            void navigate({
              to: "/objects/$object/$recordId",
              params: { object: record.object, recordId: record.id },
            })
          }
          onShowAll={(object, words) =>
            void navigate({ to: "/objects/$object", params: { object }, search: { q: words } })
          }
          onReport={(kind, saved) => void navigate({ to: "/reports/$kind", params: { kind }, search: { saved } })}
          onClose={() => onOpened(false)}
        />
      )}
      {showsKeys && <KeysDialog pages={pages} onClose={() => setShowsKeys(false)} />}
      {isTouring && <Guide objects={objects} />}
    </>
  );
}

const daysAgo = () => [
  { days: 7, label: t("palette:ago.week") },
  { days: 30, label: t("palette:ago.month") },
  { days: 365, label: t("palette:ago.year") },
];

/** Each object's own first letter where it is free, else the next of its name. Those of the other pages are taken. */
function lettersOf(objects: ObjectType[]): Map<string, string> {
  const taken = new Set(["h", "t", "r", "g", "i", "s"]);
  const letters = new Map<string, string>();
  for (const { name } of objects) {
    const letter = Array.from(name).find((one) => /[a-z]/.test(one) && !taken.has(one));
    if (letter === undefined) continue;
    taken.add(letter);
    letters.set(name, letter);
  }
  return letters;
}
