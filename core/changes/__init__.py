"""订单变更: news of an order from every door, judged, applied, told; and 修改 by hand."""
