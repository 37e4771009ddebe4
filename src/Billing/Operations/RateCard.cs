using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.Contracts;

namespace Platform.Billing.Operations;

/// <summary>What operations cost.</summary>
public sealed record RateCard([MaxLength(1000)] IReadOnlyList<RateCard.Line> Operations) : IValidatableObject
{
    /// <param name="Price">Credits per operation.</param>
    /// <param name="PricePer1000Tokens">Instead of a price: credits per 1 000 input and output tokens. The total is rounded up to 0.01.</param>
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
        // The framework validates the elements of a list but accepts null ones.
        if (Operations.Any(line => line is null))
        {
            yield return new ValidationResult("A line must not be null.", [nameof(Operations)]);
            yield break;
        }

        if (Operations.FirstOrDefault(line => (line.Price is null) == (line.PricePer1000Tokens is null)) is { } unclear)
        {
            yield return new ValidationResult($"'{unclear.Name}' needs either price or pricePer1000Tokens.", [nameof(Operations)]);
        }

        if (Operations.GroupBy(line => line.Name, StringComparer.Ordinal).FirstOrDefault(lines => lines.Count() > 1) is { } duplicate)
        {
            yield return new ValidationResult($"'{duplicate.Key}' appears more than once.", [nameof(Operations)]);
        }
    }
}
