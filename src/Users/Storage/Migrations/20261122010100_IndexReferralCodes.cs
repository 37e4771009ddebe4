using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.Users.People;

namespace Platform.Users.Storage.Migrations;

/// <summary>Before the codes of existing people are drawn, so that two of them never get the same.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261122010100_IndexReferralCodes")]
internal sealed class IndexReferralCodes : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes => [new(ReferralCode.UniqueIndex, "on users (referral_code)", Unique: true)];
}
