using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Staff look guests up by the card and by the end of the phone number, the birthday gifts by month and day.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201110100_IndexGuests")]
internal sealed class IndexGuests : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes =>
    [
        new("ix_guest_names_member_id", "on guest_names (member_id) where member_id is not null"),
        new("ix_guest_names_phone_last4", "on guest_names (phone_last4) where phone_last4 is not null"),
        new("ix_guest_names_birthday", "on guest_names (extract(month from birth_date), extract(day from birth_date)) where birth_date is not null"),
    ];
}
