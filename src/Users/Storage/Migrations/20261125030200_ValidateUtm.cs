using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Looks through the rows that were there, while people go on registering.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125030200_ValidateUtm")]
internal sealed class ValidateUtm : SqlMigration
{
    protected override string UpSql => """
        alter table acquisition_channels validate constraint ck_acquisition_channels_utm_source;
        alter table acquisition_channels validate constraint ck_acquisition_channels_utm_medium;
        alter table acquisition_channels validate constraint ck_acquisition_channels_utm_campaign;
        alter table acquisition_channels validate constraint ck_acquisition_channels_utm_content;
        alter table acquisition_channels validate constraint ck_acquisition_channels_utm_term;
        alter table acquisition_channels validate constraint ck_acquisition_channels_known;
        """;

    /// <summary>A check that was validated once harms nobody.</summary>
    protected override string DownSql => "";

    protected override string VerifySql => """
        select not exists (select from pg_constraint where conrelid = 'acquisition_channels'::regclass and not convalidated)
        """;
}
