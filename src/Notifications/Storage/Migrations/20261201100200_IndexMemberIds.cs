using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Notifications.Storage.Migrations;

/// <summary>Finds the guest of a card number.</summary>
[DbContext(typeof(NotificationsDb))]
[Migration("20261201100200_IndexMemberIds")]
internal sealed class IndexMemberIds : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes =>
    [
        new("ix_contacts_member_id", "on contacts (member_id) where member_id is not null"),
    ];
}
