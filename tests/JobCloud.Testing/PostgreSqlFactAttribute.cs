using Xunit;

namespace JobCloud.Testing;

/// <summary>A test on a PostgreSQL server, on machines that have one.</summary>
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute()
    {
        if (!PostgreSql.IsHere)
            Skip = "PostgreSQL is not installed here, or root has no user `postgres` to run it as.";
    }
}
