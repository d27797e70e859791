/** One's own API tokens: for programs, which may never do more than oneself. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { deleteToken, SCOPES, tokensQuery, type Token } from "../../api/people";
import { listed } from "../../texts/words";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { PlusIcon } from "../../ui/icons";
import { Empty, Failure, Refusal } from "../../ui/Message";
import { Moment } from "../../ui/Moment";
import classes from "./People.module.css";
import { RowsLoading } from "./SecurityView";
import { TokenDialog } from "./TokenDialog";

export function TokensView({ isReadOnly }: { isReadOnly: boolean }) {
  const { data: tokens, error, refetch, dataUpdatedAt } = useQuery(tokensQuery);
  const [isCreating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<Token | null>(null);
  const create = (
    <Button variant="filled" leftSection={<PlusIcon size={14} />} onClick={() => setCreating(true)}>
      {t("people:newToken")}
    </Button>
  );
  return (
    <div className={classes.page}>
      <section className={classes.section} aria-label={t("people:tokens")}>
        <div className={classes.head}>
          <div>
            <h2 className={classes.title}>{t("people:tokens")}</h2>
            <p>
              {t("people:tokensHint")}{" "}
              <a href="/api/docs" target="_blank" rel="noreferrer">
                {t("people:apiDocs")}
              </a>
            </p>
          </div>
          {!isReadOnly && tokens && tokens.length > 0 && create}
        </div>
        {error && !tokens ? (
          <Failure error={error} title={t("people:tokensNotLoaded")} onRetry={() => void refetch()} />
        ) : tokens?.length === 0 ? (
          <Empty title={t("people:noTokens")} action={isReadOnly ? undefined : create}>
            {t("people:noTokensHint")}
          </Empty>
        ) : (
          <ul className={classes.list}>
            {tokens?.map((token) => (
              <li key={token.id} className={classes.row}>
                <div className={classes.who}>
                  <b>{token.name}</b>
                  <span className="quiet">{scopesText(token.scopes)}</span>
                </div>
                <div className={classes.who}>
                  <span className={classes.aside}>{endOf(token, dataUpdatedAt)}</span>
                  <span className="quiet">
                    {token.lastUsedAt ? (
                      <>
                        {t("people:lastUsed")} <Moment at={token.lastUsedAt} />
                      </>
                    ) : (
                      t("people:neverUsed")
                    )}
                  </span>
                </div>
                <span className={classes.actions}>
                  {!isReadOnly && (
                    <Button
                      variant="subtle"
                      aria-label={t("people:deleteNamed", { name: token.name })}
                      onClick={() => setDeleting(token)}
                    >
                      {t("people:delete")}
                    </Button>
                  )}
                </span>
              </li>
            )) ?? <RowsLoading />}
          </ul>
        )}
      </section>
      {isCreating && <TokenDialog onClose={() => setCreating(false)} />}
      {deleting && <DeleteDialog token={deleting} onClose={() => setDeleting(null)} />}
    </div>
  );
}

function endOf({ expiresAt }: Token, now: number) {
  if (!expiresAt) return t("people:neverEnds");
  return (
    <>
      {t(Date.parse(expiresAt) > now ? "people:ends" : "people:ended")} <Moment at={expiresAt} as="day" />
    </>
  );
}

function scopesText(scopes: string[]): string {
  return listed(SCOPES.filter((scope) => scopes.includes(scope)).map((scope) => t(`people:scope.${scope}`)));
}

/** Asked, because programs stop working at once and the secret cannot be had again. */
function DeleteDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteToken(token.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={t("people:deleteTitle", { name: token.name })} opened onClose={onClose} size={420}>
      <p>{t("people:deleteHint")}</p>
      <Refusal error={remove.error} />
      <DialogActions>
        <Button onClick={onClose}>{t("ui:cancel")}</Button>
        <Button variant="filled" data-autofocus loading={remove.isPending} onClick={() => remove.mutate()}>
          {t("people:deleteButton")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
