/** Who is in the workspace, in which role, and who is invited. */
import { Button, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { membersQuery } from "../../api/objects";
import { reaches, ROLES, updateMember, type Role } from "../../api/people";
import { messageOf } from "../../api/problem";
import type { Me, Member } from "../../api/types";
import { Avatar } from "../../ui/Avatar";
import { PlusIcon } from "../../ui/icons";
import { Failure } from "../../ui/Message";
import { notify } from "../../ui/notices";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import classes from "./People.module.css";
import { roleName } from "./roles";
import { RowsLoading } from "./SecurityView";

interface Props {
  me: Me;
  isReadOnly: boolean;
}

export function MembersView({ me, isReadOnly }: Props) {
  const [isInviting, setInviting] = useState(false);
  const { data: members, error, refetch } = useQuery(membersQuery);
  const change = useChange();
  return (
    <div className={classes.page}>
      <section className={classes.section} aria-label={t("people:members")}>
        <div className={classes.head}>
          <div>
            <h2 className={classes.title}>{t("people:members")}</h2>
            <p>{t("people:membersHint", { workspace: me.workspace.name })}</p>
          </div>
          {!isReadOnly && (
            <Button variant="filled" leftSection={<PlusIcon size={14} />} onClick={() => setInviting(true)}>
              {t("people:invite")}
            </Button>
          )}
        </div>
        {error && !members ? (
          <Failure error={error} title={t("people:membersNotLoaded")} onRetry={() => void refetch()} />
        ) : (
          <ul className={classes.list}>
            {members?.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                me={me}
                isReadOnly={isReadOnly || member.id === me.user.id || !reaches(me.role, member.role)}
                onChange={(part) => change.mutate({ member, part })}
              />
            )) ?? <RowsLoading />}
          </ul>
        )}
      </section>
      {me.permissions.includes("users.manage") && <Invitations me={me} isReadOnly={isReadOnly} />}
      {isInviting && <InviteDialog me={me} onClose={() => setInviting(false)} />}
    </div>
  );
}

interface Change {
  role?: Role;
  disabled?: boolean;
}

/** Changes a member, says so, and offers the way back. */
function useChange() {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: ({ member, part }: { member: Member; part: Change; isUndo?: boolean }) => updateMember(member.id, part),
    onSuccess: (_, { member, part, isUndo }) => {
      if (isUndo) return;
      const before: Change =
        part.role === undefined ? { disabled: member.disabled } : { role: ROLES.find((role) => role === member.role) };
      notify({
        text: toldOf(member, part),
        undo: () => change.mutate({ member, part: before, isUndo: true }),
      });
    },
    onError: (error) => notify({ text: messageOf(error), tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: membersQuery.queryKey }),
  });
  return change;
}

function toldOf({ name }: Member, { role, disabled }: Change): string {
  if (role !== undefined) return t("people:roleChanged", { name, role: roleName(role) });
  return t(disabled ? "people:isOut" : "people:isBack", { name });
}

interface RowProps {
  member: Member;
  me: Me;
  isReadOnly: boolean;
  onChange: (part: Change) => void;
}

function MemberRow({ member, me, isReadOnly, onChange }: RowProps) {
  const { id, name, email, role, disabled } = member;
  return (
    <li className={classes.row} data-out={disabled || undefined}>
      <div className={classes.person}>
        <Avatar name={name} of={id} />
        <div className={classes.who}>
          <span>
            <b>{name}</b>
            {id === me.user.id && <span className={classes.mark}>{t("people:you")}</span>}
            {disabled && <span className={classes.mark}>{t("people:keptOut")}</span>}
          </span>
          <span className="quiet">{email}</span>
        </div>
      </div>
      {isReadOnly ? (
        <span className={classes.aside}>{roleName(role)}</span>
      ) : (
        <Select
          className={classes.role}
          aria-label={t("people:roleOf", { name })}
          data={ROLES.filter((one) => reaches(me.role, one)).map((one) => ({ value: one, label: roleName(one) }))}
          value={role}
          allowDeselect={false}
          onChange={(next) => {
            const chosen = ROLES.find((one) => one === next);
            if (chosen !== undefined && chosen !== role) onChange({ role: chosen });
          }}
        />
      )}
      <span className={classes.actions}>
        {!isReadOnly && (
          <Button
            variant="subtle"
            aria-label={t(disabled ? "people:letInNamed" : "people:keepOutNamed", { name })}
            onClick={() => onChange({ disabled: !disabled })}
          >
            {t(disabled ? "people:letIn" : "people:keepOut")}
          </Button>
        )}
      </span>
    </li>
  );
}
