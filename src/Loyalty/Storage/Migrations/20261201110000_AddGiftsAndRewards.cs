using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>
/// Gifts, the rewards that points buy, stamp cards, referrals and the start bonus, and what staff find guests by: the card's number, the end of
/// the phone number, the birthday.
/// </summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201110000_AddGiftsAndRewards")]
internal sealed class AddGiftsAndRewards : SqlMigration
{
    protected override string UpSql => """
        update levels set gift = gifts.title
        from (values ('silver', 'Десерт на выбор'), ('gold', 'Напиток на выбор'), ('platinum', 'Подарочный набор')) gifts (key, title)
        where levels.key = gifts.key and levels.gift is null;

        -- Copies from Users. Null until an event brings them, and after an erasure.
        alter table guest_names
            add column member_id varchar(12),
            add column phone_last4 varchar(4),
            add column birth_date date,
            add column phone_verified boolean,
            add column phone_seen_before boolean;

        -- Null until the person's phone is verified; zero when no bonus was due then. Guests of before are not new ones.
        alter table accounts add column start_bonus bigint default 0;
        alter table accounts alter column start_bonus drop default;
        alter table accounts add constraint ck_accounts_start_bonus check (start_bonus >= 0) not valid;

        create table rewards (
            id bigint generated always as identity primary key,
            title varchar(100) not null constraint ck_rewards_title check (length(title) > 0),
            description varchar(500),
            cost bigint not null constraint ck_rewards_cost check (cost > 0),
            stock int constraint ck_rewards_stock check (stock >= 0),
            sold bigint not null default 0 constraint ck_rewards_sold check (sold >= 0),
            active boolean not null,
            created_at timestamptz not null
        );

        create table stamp_cards (
            id bigint generated always as identity primary key,
            title varchar(100) not null constraint ck_stamp_cards_title check (length(title) > 0),
            n int not null constraint ck_stamp_cards_n check (n >= 2),
            reward varchar(100) not null constraint ck_stamp_cards_reward check (length(reward) > 0),
            active boolean not null,
            created_at timestamptz not null
        );

        create table stamps (
            user_id bigint not null references accounts (user_id),
            card_id bigint not null references stamp_cards (id),
            order_id bigint not null references orders (id),
            at timestamptz not null,
            primary key (user_id, card_id, order_id)
        );
        create index ix_stamps_order_id on stamps (order_id);

        create table gifts (
            id bigint generated always as identity primary key,
            user_id bigint not null references accounts (user_id),
            title varchar(100) not null constraint ck_gifts_title check (length(title) > 0),
            reason varchar(16) not null
                constraint ck_gifts_reason check (reason in ('birthday', 'level', 'manual', 'campaign', 'referral', 'reward')),
            note varchar(200),
            source_id varchar(64) not null,
            reward_id bigint references rewards (id),
            cost bigint constraint ck_gifts_cost check (cost > 0),
            stamp_card_id bigint references stamp_cards (id),
            stamps int constraint ck_gifts_stamps check (stamps > 0),
            issued_by bigint,
            issued_at timestamptz not null,
            expires_at timestamptz,
            redeemed_at timestamptz,
            redeemed_by bigint,
            order_id bigint references orders (id),
            revoked_at timestamptz,
            idempotency_key varchar(255),
            request_hash bytea,
            unique (user_id, source_id),
            constraint ck_gifts_reward check ((reason = 'reward') = (reward_id is not null) and (reward_id is null) = (cost is null)),
            constraint ck_gifts_stamp_card check ((stamp_card_id is null) = (stamps is null)),
            constraint ck_gifts_redeemed check ((redeemed_at is null) = (redeemed_by is null)),
            constraint ck_gifts_order check (order_id is null or redeemed_at is not null),
            constraint ck_gifts_revoked check (revoked_at is null or redeemed_at is null),
            constraint ck_gifts_idempotency check ((idempotency_key is null) = (request_hash is null))
        );
        create unique index ix_gifts_idempotency_staff on gifts (issued_by, idempotency_key) where issued_by is not null and idempotency_key is not null;
        create unique index ix_gifts_idempotency_guest on gifts (user_id, idempotency_key) where issued_by is null and idempotency_key is not null;
        create index ix_gifts_user_id on gifts (user_id, id desc);
        create index ix_gifts_issued_at on gifts (issued_at);
        create index ix_gifts_issued_by on gifts (issued_by, issued_at) where issued_by is not null;
        create index ix_gifts_redeemed_by on gifts (redeemed_by, redeemed_at) where redeemed_by is not null;
        create index ix_gifts_order_id on gifts (order_id) where order_id is not null;
        create index ix_gifts_reward_id on gifts (reward_id) where reward_id is not null;

        -- Rewarded once, with the first paid order of the person who was invited. Zero for bonus: none was due.
        create table referrals (
            user_id bigint primary key,
            referrer_id bigint not null constraint ck_referrals_referrer_id check (referrer_id <> user_id),
            referred_at timestamptz not null,
            rewarded_at timestamptz,
            bonus bigint constraint ck_referrals_bonus check (bonus >= 0),
            constraint ck_referrals_rewarded check ((rewarded_at is null) = (bonus is null))
        );
        create index ix_referrals_referrer_id on referrals (referrer_id);

        create type gift_outcome as enum (
            'issued', 'repeated', 'idempotency_key_reused', 'code_refused', 'guest_not_found', 'gift_own', 'manual_limit_reached');
        create type reward_outcome as enum (
            'bought', 'repeated', 'idempotency_key_reused', 'account_not_found', 'reward_not_found', 'out_of_stock', 'not_enough_points');
        """;

    protected override string DownSql => """
        drop type gift_outcome, reward_outcome cascade;
        drop table referrals, gifts, stamps, stamp_cards, rewards;
        alter table accounts drop column start_bonus;
        alter table guest_names
            drop column member_id, drop column phone_last4, drop column birth_date, drop column phone_verified, drop column phone_seen_before;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("referrals"),
        Dropped.Fact("gifts"),
        Dropped.Fact("stamps"),
        Dropped.Fact("stamp_cards"),
        Dropped.Fact("rewards"),
        Dropped.Fact("accounts", "start_bonus", where: "start_bonus > 0"),
        Dropped.Derived("guest_names", "member_id", "./platform resync users sends it again"),
        Dropped.Derived("guest_names", "phone_last4", "./platform resync users sends it again"),
        Dropped.Derived("guest_names", "birth_date", "./platform resync users sends it again"),
        Dropped.Derived("guest_names", "phone_verified", "./platform resync users sends it again"),
        Dropped.Derived("guest_names", "phone_seen_before", "./platform resync users sends it again"),
    ];

    protected override string VerifySql => """
        select (select count(*) from information_schema.columns
            where table_schema = current_schema() and (table_name, column_name) in (
                ('guest_names', 'member_id'), ('guest_names', 'phone_last4'), ('guest_names', 'birth_date'), ('guest_names', 'phone_verified'),
                ('guest_names', 'phone_seen_before'), ('accounts', 'start_bonus'))) = 6
        """;
}
