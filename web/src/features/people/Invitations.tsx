/** Who is invited and has not come yet. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { invitationsQuery, reaches, revokeInvitation, type Invitation } from "../../api/people";
import type { Me } from "../../api/types";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Failure, Refusal } from "../../ui/Message";
import { Moment } from "../../ui/Moment";
import classes from "./People.module.css";
import { roleName } from "./roles";
import { RowsLoading } from "./SecurityView";

interface Props {
  me: Me;
  isReadOnly: boolean;
}

export function Invitations({ me, isReadOnly }: Props) {
  const { data, error, refetch, dataUpdatedAt } = useQuery(invitationsQuery);
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const pending = data?.filter(({ acceptedAt }) => acceptedAt === null || acceptedAt === undefined);
  return (
    <section className={classes.section} aria-label={t("people:invitations")}>
      <h2 className={classes.title}>{t("people:invitations")}</h2>
      {error && !data ? (
        <Failure error={error} title={t("people:invitationsNotLoaded")} onRetry={() => void refetch()} />
      ) : pending?.length === 0 ? (
        <p className={classes.hint}>{t("people:noInvitations")}</p>
      ) : (
        <ul className={classes.list}>
          {pending?.map((invitation) => (
            <li key={invitation.id} className={classes.row}>
              <div className={classes.who}>
                <b>{invitation.email}</b>
                <span className="quiet">{roleName(invitation.role)}</span>
              </div>
              <span className={classes.aside}>
                {t(Date.parse(invitation.expiresAt) > dataUpdatedAt ? "people:ends" : "people:ended")}{" "}
                <Moment at={invitation.expiresAt} />
              </span>
              <span className={classes.actions}>
                {!isReadOnly && reaches(me.role, invitation.role) && (
                  <Button
                    variant="subtle"
                    aria-label={t("people:revokeNamed", { email: invitation.email })}
                    onClick={() => setRevoking(invitation)}
                  >
                    {t("people:revoke")}
                  </Button>
                )}
              </span>
            </li>
          )) ?? <RowsLoading />}
        </ul>
      )}
      {revoking && <RevokeDialog invitation={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}

/** Asked, because the link cannot be had again. */
function RevokeDialog({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeInvitation(invitation.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={t("people:revokeTitle", { email: invitation.email })} opened onClose={onClose} size={420}>
      <p>{t("people:revokeHint")}</p>
      <Refusal error={revoke.error} />
      <DialogActions>
        <Button onClick={onClose}>{t("ui:cancel")}</Button>
        <Button variant="filled" data-autofocus loading={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("people:revokeButton")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
