"""Orders from the spreadsheets that platforms export."""
