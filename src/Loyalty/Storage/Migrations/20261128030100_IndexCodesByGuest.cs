using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>For counting the codes that a guest was given in the last minutes.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261128030100_IndexCodesByGuest")]
internal sealed class IndexCodesByGuest : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes => [new("ix_payment_codes_user_id", "on payment_codes (user_id, issued_at)")];
}
