using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Expand step: what the link that somebody came by says of the campaign.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125030100_AddUtm")]
internal sealed class AddUtm : SqlMigration
{
    protected override string UpSql => """
        alter table acquisition_channels
            add column utm_source text,
            add column utm_medium text,
            add column utm_campaign text,
            add column utm_content text,
            add column utm_term text,
            drop constraint ck_acquisition_channels_known;
        alter table acquisition_channels
            add constraint ck_acquisition_channels_utm_source check (length(utm_source) between 1 and 100) not valid,
            add constraint ck_acquisition_channels_utm_medium check (length(utm_medium) between 1 and 100) not valid,
            add constraint ck_acquisition_channels_utm_campaign check (length(utm_campaign) between 1 and 100) not valid,
            add constraint ck_acquisition_channels_utm_content check (length(utm_content) between 1 and 100) not valid,
            add constraint ck_acquisition_channels_utm_term check (length(utm_term) between 1 and 100) not valid,
            add constraint ck_acquisition_channels_known check (
                num_nonnulls(channel, referral_user_id, utm_source, utm_medium, utm_campaign, utm_content, utm_term) > 0) not valid;
        """;

    // Of whom nothing else is known, nothing is known then.
    protected override string DownSql => """
        delete from acquisition_channels where num_nonnulls(channel, referral_user_id) = 0;
        alter table acquisition_channels drop constraint ck_acquisition_channels_known;
        alter table acquisition_channels
            drop column utm_term,
            drop column utm_content,
            drop column utm_campaign,
            drop column utm_medium,
            drop column utm_source,
            add constraint ck_acquisition_channels_known check (num_nonnulls(channel, referral_user_id) > 0);
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("acquisition_channels", "utm_term"),
        Dropped.Fact("acquisition_channels", "utm_content"),
        Dropped.Fact("acquisition_channels", "utm_campaign"),
        Dropped.Fact("acquisition_channels", "utm_medium"),
        Dropped.Fact("acquisition_channels", "utm_source"),
    ];

    protected override string VerifySql => """
        select count(*) = 5 from information_schema.columns
        where table_schema = current_schema() and table_name = 'acquisition_channels' and column_name like 'utm\_%'
        """;
}
