using Microsoft.EntityFrameworkCore;
using Platform.Contracts;

namespace Platform.Loyalty.Gifts;

/// <summary>Pages of gifts, newest first, and the names of states and reasons in a query.</summary>
internal static class GiftPages
{
    public static IQueryable<Gift> NewestFirst(this IQueryable<Gift> gifts, GiftId? after)
    {
        if (after is { } last)
        {
            gifts = gifts.Where(gift => EF.Functions.LessThan(ValueTuple.Create(gift.Id), ValueTuple.Create(last)));
        }

        return gifts.AsNoTracking().OrderByDescending(gift => gift.Id);
    }

    public static GiftState? StateOf(string? text) => text is null ? null : Enum.Parse<GiftState>(text, ignoreCase: true);

    public static GiftReason? ReasonOf(string? text) => text is null ? null : Enum.Parse<GiftReason>(text, ignoreCase: true);
}
