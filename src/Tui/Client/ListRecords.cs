using System.Text.Json;

namespace JobCloud.Client;

/// <summary>Which jobs to list.</summary>
public sealed record ListOptions
{
    /// <summary>A query, such as <c>failed created&gt;1d</c>, or a jid list; empty: all
    /// jobs.</summary>
    public string Query { get; init; } = "";

    /// <summary>The number of rows, from 1; null: 50.</summary>
    public int? Limit { get; init; }

    /// <summary>Only jobs below this jid: the first jid of the last row of the page before; null:
    /// the first page.</summary>
    public long? After { get; init; }

    /// <summary>Whether each job of a map has a row of its own.</summary>
    public bool Expand { get; init; }

    /// <summary>Whether the deleted jobs are listed, and no others.</summary>
    public bool Deleted { get; init; }
}

/// <summary>A part of the list of jobs.</summary>
/// <param name="Rows">The rows, newest first.</param>
/// <param name="IsTruncated">Whether more jobs match.</param>
public sealed record JobPage(IReadOnlyList<JobPageRow> Rows, bool IsTruncated);

/// <summary>A job, or a map.</summary>
/// <param name="First">Its first jid.</param>
/// <param name="Last">Its last jid.</param>
/// <param name="Fields">The fields, as <c>jobcloud ls -o json</c> has them: instants in ISO 8601
/// UTC, durations in seconds, sizes in bytes.</param>
public sealed record JobPageRow(long First, long Last, JsonElement Fields);

/// <summary>A node of the cloud.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State"><c>ready</c>, <c>draining</c>, <c>drained</c> or <c>lost</c>.</param>
/// <param name="Facts">What is known of it, as <c>jobcloud nodes -o json</c> has it.</param>
public sealed record CloudNode(string Name, string State, JsonElement Facts);
