using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.Contracts;

namespace Platform.Billing.Operations;

/// <summary>What operations cost.</summary>
public sealed record RateCard([MaxLength(1000)] IReadOnlyList<RateCard.Line> Operations) : IValidatableObject
{
    /// <param name="Price">Credits each time.</param>
    /// <param name="PricePer1000Tokens">Credits for each 1 000 tokens, in and out together, the whole rounded up to 0.01; instead of a price.</param>
    public sealed record Line(
        [Required, StringLength(500)] string Name,
        [Range(typeof(Money), "0.01", "10000")] Money? Price,
        [Range(typeof(Money), "0.01", "10000")] Money? PricePer1000Tokens);

    internal static readonly RateCard Example = new(
        [new("Анализ ЭКГ", new Money(5.50m), PricePer1000Tokens: null), new("Консультация", Price: null, new Money(0.80m))]);

    internal static async Task<RateCard> Read(BillingDb db, CancellationToken ct) => new(await db.Operations
        .OrderBy(operation => operation.Name)
        .Select(operation => new Line(operation.Name, operation.Price, operation.PricePer1000Tokens))
        .ToListAsync(ct));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // The framework looks into the elements of a list, and not whether they are there.
        if (Operations.Any(line => line is null))
        {
            yield return new ValidationResult("A line may not be null.", [nameof(Operations)]);
            yield break;
        }

        if (Operations.FirstOrDefault(line => (line.Price is null) == (line.PricePer1000Tokens is null)) is { } unclear)
        {
            yield return new ValidationResult($"'{unclear.Name}' needs either price or pricePer1000Tokens.", [nameof(Operations)]);
        }

        if (Operations.GroupBy(line => line.Name, StringComparer.Ordinal).FirstOrDefault(lines => lines.Count() > 1) is { } doubled)
        {
            yield return new ValidationResult($"'{doubled.Key}' is there more than once.", [nameof(Operations)]);
        }
    }
}
