/** Says that the server does not answer, and looks for it until it does. What was read before stays on the screen. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useEffect, useState } from "react";
import { useConnection } from "../../api/connection";
import { meQuery } from "../../api/session";
import { Rich } from "../../ui/Rich";
import classes from "./ConnectionBanner.module.css";

const TRY_AGAIN_MS = 5_000;

export function ConnectionBanner() {
  return useConnection() === "lost" ? <Lost /> : null;
}

function Lost() {
  const client = useQueryClient();
  const [isTrying, setTrying] = useState(false);
  const look = () => client.query({ ...meQuery, staleTime: 0 }).catch(() => undefined);

  useEffect(() => {
    const timer = setInterval(
      () => void client.query({ ...meQuery, staleTime: 0 }).catch(() => undefined),
      TRY_AGAIN_MS,
    );
    return () => {
      clearInterval(timer);
      // It answers again: read what may have changed, and what could not be read, since.
      void client.invalidateQueries();
    };
  }, [client]);

  return (
    <div className={classes.banner} role="alert">
      <p>
        <Rich text={t("shell:lost")} />
      </p>
      <Button
        loading={isTrying}
        onClick={() => {
          setTrying(true);
          void look().finally(() => setTrying(false));
        }}
      >
        {t("ui:tryAgain")}
      </Button>
    </div>
  );
}
