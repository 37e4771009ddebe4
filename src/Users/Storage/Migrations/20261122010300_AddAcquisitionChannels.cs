using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>How people came, and by whom.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261122010300_AddAcquisitionChannels")]
internal sealed class AddAcquisitionChannels : SqlMigration
{
    protected override string UpSql => """
        alter table users alter column referral_code set not null;

        create table acquisition_channels (
            user_id bigint primary key references users (id),
            channel text constraint ck_acquisition_channels_channel check (channel ~ '^[a-z0-9_-]{1,64}$'),
            referral_user_id bigint references users (id),
            created_at timestamptz not null,
            constraint ck_acquisition_channels_nobody_refers_himself check (referral_user_id <> user_id),
            constraint ck_acquisition_channels_known check (num_nonnulls(channel, referral_user_id) > 0)
        );
        create index ix_acquisition_channels_referral_user_id on acquisition_channels (referral_user_id) where referral_user_id is not null;
        """;

    protected override string DownSql => """
        drop table acquisition_channels;
        alter table users alter column referral_code drop not null;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("acquisition_channels"),
    ];

    protected override string VerifySql => "select to_regclass('acquisition_channels') is not null";
}
