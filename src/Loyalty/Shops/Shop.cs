using Platform.Contracts;

namespace Platform.Loyalty.Shops;

/// <summary>One place of the chain. Never deleted, because orders and shifts name it; one that is closed down is inactive.</summary>
internal sealed class Shop
{
    /// <summary>The business's own name for it in calls and lists, such as <c>main-street</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What guests call it.</summary>
    public required string Name { get; set; }

    public string? City { get; set; }

    public string? Address { get; set; }

    /// <summary>As people write them: <c>пн–пт 8–21, сб–вс 9–22</c>.</summary>
    public string? OpeningHours { get; set; }

    /// <summary>Guests see it, and shifts can be opened in it.</summary>
    public required bool Active { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Who usually works where. Not a limit: anyone may help out in another shop.</summary>
internal sealed class StaffShop
{
    public required StaffId StaffId { get; init; }

    public required string ShopId { get; init; }
}
