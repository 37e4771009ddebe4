using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

[DbContext(typeof(LoyaltyDb))]
[Migration("20261121100000_CreateAccounts")]
internal sealed class CreateAccounts : SqlMigration
{
    protected override string UpSql => """
        create table levels (
            key varchar(32) primary key constraint ck_levels_key check (key ~ '^[a-z][a-z0-9_]*$'),
            rank int not null unique constraint ck_levels_rank check (rank >= 0),
            threshold bigint not null unique constraint ck_levels_threshold check (threshold >= 0),
            earn_multiplier numeric(4, 2) not null constraint ck_levels_earn_multiplier check (earn_multiplier between 0 and 10)
        );
        insert into levels (key, rank, threshold, earn_multiplier) values
            ('standard', 0, 0, 1.00), ('silver', 1, 100, 1.05), ('gold', 2, 500, 1.10), ('platinum', 3, 1500, 1.20);

        create table accounts (
            user_id bigint primary key,
            points bigint not null default 0 constraint ck_accounts_points check (points >= 0),
            lifetime_points bigint not null default 0 constraint ck_accounts_lifetime_points check (lifetime_points >= 0),
            lifetime_spend numeric(12, 2) not null default 0 constraint ck_accounts_lifetime_spend check (lifetime_spend >= 0),
            level varchar(32) not null references levels (key),
            level_since timestamptz not null,
            opened_at timestamptz not null,
            version bigint not null default 1
        );

        -- Partitioned by guest: a history reads one partition, and the same key spreads it over machines later.
        create table point_entries (
            user_id bigint not null references accounts (user_id),
            id bigint generated always as identity,
            delta bigint not null constraint ck_point_entries_delta check (delta <> 0),
            reason varchar(16) not null constraint ck_point_entries_reason check (reason in ('earn', 'spend')),
            source_id varchar(64) not null,
            balance_after bigint not null constraint ck_point_entries_balance_after check (balance_after >= 0),
            created_at timestamptz not null,
            primary key (user_id, id),
            unique (user_id, source_id, reason)
        ) partition by hash (user_id);

        do $$
        begin
            for i in 0..15 loop
                execute format('create table point_entries_%s partition of point_entries for values with (modulus 16, remainder %s)', lpad(i::text, 2, '0'), i);
                execute format('revoke update, delete, truncate on point_entries_%s from loyalty', lpad(i::text, 2, '0'));
            end loop;
        end $$;
        revoke update, delete, truncate on point_entries from loyalty;
        """;

    protected override string DownSql => "drop table point_entries; drop table accounts; drop table levels;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("point_entries"),
        Dropped.Fact("accounts"),
        Dropped.Derived("levels", "the way up fills it"),
    ];

    protected override string VerifySql => """
        select (select count(*) from levels) = 4
            and (select count(*) from pg_inherits where inhparent = 'point_entries'::regclass) = 16
            and not has_table_privilege('loyalty', 'point_entries', 'update')
            and not has_table_privilege('loyalty', 'point_entries', 'delete')
        """;
}
