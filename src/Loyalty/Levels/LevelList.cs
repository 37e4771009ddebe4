using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Levels;

/// <summary>The levels of the programme, lowest first.</summary>
public sealed record LevelList([Required, MinLength(1), MaxLength(20)] IReadOnlyList<LevelList.Item> Levels)
{
    /// <param name="Key">Lower-case Latin letters, digits and underscores.</param>
    /// <param name="Name">Shown to guests; without one they see the key, in their language when it is one of the first four.</param>
    /// <param name="Threshold">Lifetime points needed to reach it; 0 for the first.</param>
    /// <param name="EarnMultiplier">Factor for the points of an order, with at most two decimal places.</param>
    /// <param name="Gift">Title of the gift that guests get when they reach it.</param>
    public sealed record Item(
        [Required, StringLength(32), RegularExpression("^[a-z][a-z0-9_]*$", ErrorMessage = "Use lower-case Latin letters, digits and underscores.")]
        string Key,
        [Range(typeof(Points), "0", "1000000000")] Points Threshold,
        [Range(typeof(decimal), "0", "10", ParseLimitsInInvariantCulture = true)] decimal EarnMultiplier,
        [StringLength(64), NotBlank, PlainText] string? Name = null,
        [StringLength(100), NotBlank, PlainText] string? Gift = null) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (decimal.Round(EarnMultiplier, 2) != EarnMultiplier)
            {
                yield return new ValidationResult("Send at most 2 decimal places.", [nameof(EarnMultiplier)]);
            }
        }
    }

    internal static readonly LevelList Example = new(
    [
        new("standard", Points.Zero, 1m),
        new("silver", new Points(100), 1.05m, Gift: "Капучино"),
    ]);

    internal static async Task<LevelList> Read(LoyaltyDb db, CancellationToken ct) => new(await db.Levels
        .OrderBy(level => level.Rank)
        .Select(level => new Item(level.Key, level.Threshold, level.EarnMultiplier, level.Name, level.Gift))
        .ToListAsync(ct));
}
