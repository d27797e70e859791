/** Writes something down about a record: a line at first, the whole form once a kind is chosen. */
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import type { RecordRef } from "../../api/activities";
import { meQuery } from "../../api/session";
import { onDemand } from "../../ui/onDemand";
import classes from "./Composer.module.css";
import { EMPTY, ITEM_KINDS, saveItem, type Draft, type ItemKind } from "./drafts";
import { KindIcon } from "./icons";
import { kindText } from "./words";

const ItemForm = onDemand(() => import("./ItemForm").then((module) => module.ItemForm));

export function Composer({ about }: { about: RecordRef }) {
  const { data: me } = useQuery(meQuery);
  const [kind, setKind] = useState<ItemKind | null>(null);
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const close = () => {
    setKind(null);
    setDraft(EMPTY);
  };
  return (
    <section className={classes.composer} data-open={kind !== null || undefined} aria-label={t("activities:write")}>
      <div className={classes.kinds} role="group" aria-label={t("activities:whatKind")}>
        {ITEM_KINDS.map((one) => (
          <button
            key={one}
            type="button"
            className={classes.kind}
            aria-pressed={one === kind}
            onClick={() => {
              // A task is for who makes it out, until another one is chosen.
              if (kind === null) setDraft({ ...EMPTY, records: [about], assignee: me?.user.id ?? "" });
              setKind(one);
            }}
          >
            <KindIcon kind={one} size={14} />
            {kindText(one)}
          </button>
        ))}
      </div>
      {kind !== null && (
        <ItemForm
          key={kind}
          kind={kind}
          draft={draft}
          onDraft={setDraft}
          about={about}
          onSave={(typed) => saveItem(kind, typed)}
          onSaved={close}
          onCancel={close}
          saveLabel={t(`activities:save.${kind}`)}
        />
      )}
    </section>
  );
}
