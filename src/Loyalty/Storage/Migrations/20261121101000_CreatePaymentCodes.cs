using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

[DbContext(typeof(LoyaltyDb))]
[Migration("20261121101000_CreatePaymentCodes")]
internal sealed class CreatePaymentCodes : SqlMigration
{
    protected override string UpSql => """
        -- One row a number, used again once it has rested, so the table never holds more than a million rows.
        create table payment_codes (
            code varchar(6) primary key constraint ck_payment_codes_code check (code ~ '^[0-9]{6}$'),
            user_id bigint not null references accounts (user_id),
            issued_at timestamptz not null,
            expires_at timestamptz not null constraint ck_payment_codes_expires_at check (expires_at > issued_at),
            used_at timestamptz,
            replaced_at timestamptz,
            order_id bigint,
            constraint ck_payment_codes_used check ((used_at is null) = (order_id is null))
        );
        create unique index ix_payment_codes_live on payment_codes (user_id) where used_at is null and replaced_at is null;

        -- Gives the guest a code and ends the one he had; null when he has no account.
        create function issue_payment_code(p_user_id bigint, p_candidates text[], p_now timestamptz, p_expires_at timestamptz) returns text
        language plpgsql as $$
        declare
            v_candidate text;
        begin
            perform 1 from accounts where user_id = p_user_id for update;
            if not found then
                return null;
            end if;

            update payment_codes set replaced_at = p_now where user_id = p_user_id and used_at is null and replaced_at is null;

            foreach v_candidate in array p_candidates loop
                insert into payment_codes as held (code, user_id, issued_at, expires_at)
                values (v_candidate, p_user_id, p_now, p_expires_at)
                on conflict (code) do update
                    set user_id = excluded.user_id, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
                        used_at = null, replaced_at = null, order_id = null
                    where greatest(held.expires_at, held.used_at, held.replaced_at) < p_now - interval '10 minutes';
                if found then
                    return v_candidate;
                end if;
            end loop;

            raise exception 'none of % drawn codes is free', cardinality(p_candidates);
        end $$;
        """;

    protected override string DownSql => "drop function issue_payment_code; drop table payment_codes;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("payment_codes", "they live for minutes, and orders say what they paid for"),
    ];

    protected override string VerifySql => "select to_regclass('ix_payment_codes_live') is not null and to_regproc('issue_payment_code') is not null";
}
