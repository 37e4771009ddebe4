using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Platform.Contracts;

namespace Platform.Database;

/// <summary>
/// A service's DbContext: its own schema, tables and columns in snake_case, and the platform's types. The migrations are
/// SQL (<see cref="SqlMigration"/>), so the model only has to match them.
/// </summary>
/// <remarks>
/// Ids and <see cref="Points"/> are <c>bigint</c>, <see cref="Money"/> is <c>numeric</c> with two places, enums are text
/// (<c>TooEarly</c> is <c>too_early</c>), instants are <c>timestamptz</c> in UTC. A table is the plural of its entity.
/// </remarks>
/// <param name="schema">Also the name of the service and of its role.</param>
public abstract class ServiceDb(DbContextOptions options, string schema) : DbContext(options)
{
    /// <summary>Begins a transaction unless the request is in one already, as it is with an <c>Idempotency-Key</c>.</summary>
    public async Task<JoinedTransaction> Join(CancellationToken ct) =>
        new(Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(ct) : null);

    /// <summary>Rows of an entity by hand-written SQL, every column named.</summary>
    /// <remarks>
    /// A pooled connection has <c>select *</c> prepared, and when a migration adds a column, each of them fails once: "cached plan must
    /// not change result type". Migrations run while services serve.
    /// </remarks>
    /// <param name="rest">What follows <c>select ... from table</c>: <c>where id = {id.Value} for update</c>.</param>
    public IQueryable<TEntity> Rows<TEntity>(FormattableString rest) where TEntity : class
    {
        var sql = $"select {Columns<TEntity>()} from {Model.FindEntityType(typeof(TEntity))!.GetTableName()} {rest.Format}";
        return Set<TEntity>().FromSqlRaw(sql, rest.GetArguments()!);
    }

    /// <summary>The rows that a statement has written, every column named.</summary>
    /// <param name="statement">Without <c>returning</c>.</param>
    /// <inheritdoc cref="Rows{TEntity}"/>
    public IQueryable<TEntity> Returning<TEntity>(FormattableString statement) where TEntity : class
    {
        var sql = $"{statement.Format}\nreturning {Columns<TEntity>()}";
        return Set<TEntity>().FromSqlRaw(sql, statement.GetArguments()!);
    }

    private string Columns<TEntity>() => string.Join(", ", Model.FindEntityType(typeof(TEntity))!.GetProperties().Select(property => $"\"{property.GetColumnName()}\""));

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.HasDefaultSchema(schema);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        foreach (var id in TypedIds.All)
        {
            configurationBuilder.Properties(id).HaveConversion(typeof(TypedIdConverter<>).MakeGenericType(id));
        }

        configurationBuilder.Properties<Points>().HaveConversion<PointsConverter>();
        configurationBuilder.Properties<Money>().HaveConversion<MoneyConverter>().HavePrecision(18, 2);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        configurationBuilder.Conventions.Add(_ => new SnakeCaseNames());
        configurationBuilder.Conventions.Add(_ => new EnumsAsText());
        configurationBuilder.Conventions.Add(_ => new GeneratedIds());
    }

    internal sealed class TypedIdConverter<TId>() : ValueConverter<TId, long>(id => id.Value, value => TypedIds.From<TId>(value))
        where TId : struct, ITypedId<TId>;

    internal sealed class PointsConverter() : ValueConverter<Points, long>(points => points.Value, value => new Points(value));

    internal sealed class MoneyConverter() : ValueConverter<Money, decimal>(money => money.Roubles, value => new Money(value));

    /// <summary>Npgsql refuses an instant with an offset; a person may well send one.</summary>
    internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(at => at.ToUniversalTime(), at => at);
}
