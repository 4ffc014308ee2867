using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Rows;

/// <summary>The rule that merges the values of a submission's slices.</summary>
public enum Fold
{
    /// <summary>The value that all jobs of the submission share.</summary>
    Shared,

    /// <summary>A value of single jobs only.</summary>
    Single,

    /// <summary>The greatest value.</summary>
    Greatest,

    /// <summary>The earliest instant that is set.</summary>
    Earliest,

    /// <summary>The latest instant once all are set.</summary>
    Latest,
}

/// <summary>A stored value of a row: its column in the index, and its accessors.</summary>
/// <param name="Name">The SQL column.</param>
/// <param name="IsConstant">Whether it is constant while jobs run, so that a feed sends it
/// once.</param>
public abstract record RowColumn(string Name, Fold Fold, bool IsConstant)
{
    /// <summary>Sets the value in the row of a single job.</summary>
    public abstract void Fill(JobRow row, JobDetail job);

    public abstract void Copy(JobRow from, JobRow to);

    public abstract bool IsSame(JobRow one, JobRow other);
}

/// <param name="Of">The value of a single job.</param>
public sealed record RowColumn<T>(
    string Name,
    Fold Fold,
    Func<JobRow, T> Get,
    Action<JobRow, T> Set,
    Func<JobDetail, T> Of,
    bool IsConstant = false
) : RowColumn(Name, Fold, IsConstant)
    where T : IEquatable<T>
{
    public override void Fill(JobRow row, JobDetail job) => Set(row, Of(job));

    public override void Copy(JobRow from, JobRow to) => Set(to, Get(from));

    public override bool IsSame(JobRow one, JobRow other) => Get(one).Equals(Get(other));
}
