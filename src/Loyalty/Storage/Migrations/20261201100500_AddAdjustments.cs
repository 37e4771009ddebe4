using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Points that staff add or take by hand, and who did it.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201100500_AddAdjustments")]
internal sealed class AddAdjustments : SqlMigration
{
    protected override string UpSql => """
        -- The reason is deleted when the guest is erased.
        create table adjustments (
            id bigint generated always as identity primary key,
            user_id bigint not null references accounts (user_id),
            staff_id bigint not null,
            points bigint not null constraint ck_adjustments_points check (points <> 0),
            reason varchar(200),
            entry_id bigint not null,
            balance_after bigint not null constraint ck_adjustments_balance_after check (balance_after >= 0),
            debt_after bigint not null constraint ck_adjustments_debt_after check (debt_after >= 0),
            idempotency_key varchar(255),
            request_hash bytea,
            adjusted_at timestamptz not null,
            constraint ck_adjustments_idempotency check ((idempotency_key is null) = (request_hash is null))
        );
        create unique index ix_adjustments_idempotency on adjustments (staff_id, idempotency_key) where idempotency_key is not null;
        create index ix_adjustments_staff_id on adjustments (staff_id, adjusted_at);
        create index ix_adjustments_user_id on adjustments (user_id, id desc);
        revoke delete, truncate on adjustments from loyalty;

        create type adjustment_outcome as enum (
            'adjusted', 'repeated', 'idempotency_key_reused', 'account_own', 'account_not_found', 'guest_erased', 'not_enough_points',
            'manual_limit_reached');
        """;

    protected override string DownSql => """
        drop type adjustment_outcome cascade;
        drop table adjustments;
        """;

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("adjustments")];

    protected override string VerifySql => """
        select has_table_privilege('loyalty', 'adjustments', 'insert') and not has_table_privilege('loyalty', 'adjustments', 'delete')
        """;
}
