/** Inviting an address: the link is shown once, to be passed on. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { invitationsQuery, invite, reaches, ROLES, type Invitation, type Role } from "../../api/people";
import { messagesByName } from "../../api/problem";
import type { Me } from "../../api/types";
import { CopyField } from "../../ui/CopyField";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import { formatLongMoment } from "../../ui/time";
import classes from "./People.module.css";
import { roleHint, roleName } from "./roles";

interface Props {
  me: Me;
  onClose: () => void;
}

export function InviteDialog({ me, onClose }: Props) {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const send = useMutation({
    mutationFn: () => invite({ email: email.trim(), role }),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  const errors = messagesByName(send.error);
  if (send.data) return <LinkDialog invitation={send.data} onClose={onClose} />;
  return (
    <Dialog title={t("people:invite")} opened onClose={onClose} size={420}>
      <form
        className={classes.dialog}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <TextInput
          label={t("people:email")}
          type="email"
          autoComplete="off"
          value={email}
          error={errors.email}
          data-autofocus
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          label={t("people:roleLabel")}
          description={roleHint(role)}
          inputWrapperOrder={["label", "input", "description", "error"]}
          data={ROLES.filter((one) => reaches(me.role, one)).map((one) => ({ value: one, label: roleName(one) }))}
          value={role}
          allowDeselect={false}
          onChange={(next) => setRole(ROLES.find((one) => one === next) ?? role)}
        />
        {errors.email === undefined && <Refusal error={send.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" disabled={email.trim() === ""} loading={send.isPending}>
            {t("people:makeLink")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** The server sends no mail: whoever invites passes the link on. */
function LinkDialog({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const link = new URL(invitation.link ?? "", window.location.origin).href;
  return (
    <Dialog title={t("people:invited", { email: invitation.email })} opened onClose={onClose} size={520}>
      <p>{t("people:passOn", { moment: formatLongMoment(invitation.expiresAt) })}</p>
      <CopyField label={t("people:link")} text={link} />
      <p className={classes.hint}>{t("people:shownOnce")}</p>
      <DialogActions>
        <Button variant="filled" onClick={onClose}>
          {t("people:done")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
