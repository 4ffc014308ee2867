using Xunit;

namespace JobCloud.Testing;

/// <summary>A test that requires PostgreSQL and is skipped on machines without it.</summary>
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute()
    {
        if (!PostgreSql.IsInstalled)
            Skip =
                "PostgreSQL is not installed, or there is no user `postgres` for root to run it as.";
    }
}
