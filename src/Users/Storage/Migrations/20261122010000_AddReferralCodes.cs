using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Whoever registers from now on gets a referral code, by a release that knows of it or not; the others get theirs afterwards.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261122010000_AddReferralCodes")]
internal sealed class AddReferralCodes : SqlMigration
{
    protected override string UpSql => """
        -- 40 of the strong random bits of a UUID, five to a character of Crockford's alphabet.
        create function draw_referral_code() returns text
        language sql volatile as $$
            with drawn as (select ('x' || encode(substring(uuid_send(gen_random_uuid()) from 1 for 5), 'hex'))::bit(40)::bigint as bits)
            select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((bits >> (5 * i)) & 31)::int + 1, 1), '' order by i)
            from drawn, generate_series(0, 7) i
        $$;

        -- The default in a statement of its own: with the column it would rewrite the whole table at once.
        alter table users add column referral_code text
            constraint ck_users_referral_code check (referral_code ~ '^[0-9A-HJKMNP-TV-Z]{8}$');
        alter table users alter column referral_code set default draw_referral_code();
        """;

    protected override string DownSql => """
        alter table users drop column referral_code;
        drop function draw_referral_code;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("users", "referral_code"),
    ];

    protected override string VerifySql => "select draw_referral_code() ~ '^[0-9A-HJKMNP-TV-Z]{8}$' and draw_referral_code() <> draw_referral_code()";
}
